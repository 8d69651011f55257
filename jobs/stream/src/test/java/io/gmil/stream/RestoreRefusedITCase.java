package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.api.common.functions.FilterFunction;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The job's settings start it again after any failure, for ever; but not where that is of no use. */
class RestoreRefusedITCase {

    private static final AtomicInteger ATTEMPTS = new AtomicInteger();

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void theJobFailsAtOnceAndSaysWhy() throws Exception {
        JobConfig config = Events.config(Map.of());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(JobSettings.of(config));
        env.fromSequence(1, 10).filter(new Refusing()).uid("refusing").sinkTo(new DiscardingSink<>());

        assertThatThrownBy(() -> env.execute("refused"))
                .rootCause()
                .isInstanceOf(RestoreRefused.class)
                .hasMessage("restored state: study: expected test as in the savepoint, got other");
        assertThat(ATTEMPTS).hasValue(1);
    }

    /** Finds at its start what an operator of a restored job would. */
    private static final class Refusing implements FilterFunction<Long>, CheckpointedFunction {

        private static final long serialVersionUID = 1L;

        @Override
        public void initializeState(FunctionInitializationContext context) {
            ATTEMPTS.incrementAndGet();
            RestoredSettings.merge(
                    RestoredSettings.of(Events.config(Map.of())),
                    RestoredSettings.of(Events.config(Map.of("study", "other"))));
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) {
            // Never comes to it.
        }

        @Override
        public boolean filter(Long value) {
            return true;
        }
    }
}
