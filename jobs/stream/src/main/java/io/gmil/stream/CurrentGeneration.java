package io.gmil.stream;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.WireException;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.ModelId;
import io.gmil.stream.state.SiteChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Opens a generation at every start of the job, tells the learners of it, and passes on of the posteriors on the topic those of
 * this generation alone. What a job published after the checkpoint it is restored from is still on the topic, but belongs to a
 * branch that is abandoned: it may have learnt labels that are still to come, before which their bags have to be predicted, and no
 * audit record tells of it. To be run by one subtask.
 */
final class CurrentGeneration extends AbstractStreamOperator<BagEvent>
        implements OneInputStreamOperator<BagEvent, BagEvent> {

    /** What the learners are told. */
    static final OutputTag<SiteChanges> BEGINNINGS =
            new OutputTag<>("beginnings", new AvroTypeInfo<>(SiteChanges.class));

    private static final long serialVersionUID = 1L;

    private transient ListState<Long> stored;
    private transient AvroWire<PosteriorMessage> wire;
    private transient long generation;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        stored = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("generation", Types.LONG));
        long last = 0;
        for (long each : stored.get()) {
            last = Math.max(last, each);
        }
        // Later than the last one also where this machine's clock is behind that of the one before.
        generation = Math.max(getProcessingTimeService().getCurrentProcessingTime(), last + 1);
    }

    @Override
    public void open() throws Exception {
        super.open();
        wire = AvroWire.of(PosteriorMessage.class);
        // Nothing may be put out before the job runs.
        ScheduledFuture<?> unused = getProcessingTimeService()
                .registerTimer(
                        getProcessingTimeService().getCurrentProcessingTime(),
                        now -> output.collect(BEGINNINGS, new StreamRecord<>(begins(generation))));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        stored.update(List.of(generation));
    }

    @Override
    public void processElement(StreamRecord<BagEvent> element) {
        if (!ofAnother(element.getValue())) {
            output.collect(element);
        }
    }

    private boolean ofAnother(BagEvent event) {
        try {
            return wire.decode(Bytes.array(event.getValue())).getBody() instanceof Posterior posterior
                    && posterior.getGeneration() != generation;
        } catch (WireException e) {
            // The bags operator gets the same record and writes the dead letter.
            return false;
        }
    }

    /** Tells every learner that a generation begins; of no model and no shard. */
    static SiteChanges begins(long generation) {
        return SiteChanges.newBuilder()
                .setModel(new ModelId("", "", "", "", "", 0))
                .setShard(-1)
                .setGeneration(generation)
                .setVersion(0)
                .setAnswer(false)
                .setBegins(true)
                .setLabelled(0)
                .setStale(0)
                .setOldestPath(0)
                .setChanges(new ArrayList<>())
                .build();
    }
}
