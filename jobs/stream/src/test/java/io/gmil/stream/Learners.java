package io.gmil.stream;

import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.learn.UpdatePosteriorOperator;
import io.gmil.stream.state.SiteChanges;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;

/** Opens learners as a job does: each start in a generation of its own. */
final class Learners {

    private static final AtomicLong GENERATIONS = new AtomicLong(System.currentTimeMillis());

    private Learners() {}

    /** @param state of a snapshot, or null for none */
    static KeyedHarness<SiteChanges, PosteriorMessage> open(
            JobConfig config, List<InitialModel> initial, OperatorSubtaskState state) throws Exception {
        var learner = waiting(config, initial, state, new EmbeddedRocksDBStateBackend());
        learner.processElement(CurrentGeneration.begins(GENERATIONS.incrementAndGet()), 0);
        return learner;
    }

    /** One that has not been told yet which generation this is. */
    static KeyedHarness<SiteChanges, PosteriorMessage> waiting(
            JobConfig config, List<InitialModel> initial, OperatorSubtaskState state, StateBackend backend)
            throws Exception {
        return KeyedHarness.open(
                new UpdatePosteriorOperator(config, initial),
                changes -> ModelIds.key(changes.getModel()),
                state,
                backend);
    }
}
