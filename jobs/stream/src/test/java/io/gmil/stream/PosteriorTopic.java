package io.gmil.stream;

import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.SiteChanges;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.IOUtils;

/** What a job reads of its posterior topic: {@link CurrentGeneration} by itself. */
final class PosteriorTopic implements AutoCloseable {

    private final OneInputStreamOperatorTestHarness<BagEvent, BagEvent> harness;

    private PosteriorTopic(OneInputStreamOperatorTestHarness<BagEvent, BagEvent> harness) {
        this.harness = harness;
    }

    /**
     * @param state of a snapshot, or null for none
     * @param now in ms
     */
    static PosteriorTopic open(OperatorSubtaskState state, long now) throws Exception {
        var harness = new OneInputStreamOperatorTestHarness<>(new CurrentGeneration());
        harness.setProcessingTime(now);
        harness.setup();
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        // What is to be done at once is done with the next tick of the harness.
        harness.setProcessingTime(now + 1);
        return new PosteriorTopic(harness);
    }

    /** What the learners are told at the start. */
    SiteChanges beginning() {
        return harness.getSideOutput(CurrentGeneration.BEGINNINGS).element().getValue();
    }

    /** Whether a record is passed on. */
    boolean passes(BagEvent event) throws Exception {
        harness.getOutput().clear();
        harness.processElement(event, 0);
        return harness.getOutput().contains(new StreamRecord<>(event, 0));
    }

    OperatorSubtaskState snapshot(long checkpoint) throws Exception {
        return harness.snapshot(checkpoint, 1);
    }

    @Override
    public void close() {
        IOUtils.closeQuietly(harness);
    }
}
