package io.gmil.stream;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.WireException;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Scaler;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Wakes every shard when the posterior topic says something new: the broadcast that carries it can neither work on keyed
 * state nor set a timer. A posterior that rests wakes nobody.
 */
final class IssueTokens extends RichFlatMapFunction<BagEvent, BagEvent> {

    private static final long serialVersionUID = 1L;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final JobConfig config;
    private final Shards shards;
    private transient AvroWire<PosteriorMessage> wire;

    IssueTokens(JobConfig config) {
        this.config = config;
        this.shards = new Shards(config.shards());
    }

    @Override
    public void open(OpenContext context) {
        wire = AvroWire.of(PosteriorMessage.class);
    }

    @Override
    public void flatMap(BagEvent event, Collector<BagEvent> out) {
        Object body;
        try {
            body = wire.decode(Bytes.array(event.getValue())).getBody();
        } catch (WireException e) {
            // The bags operator gets the same record by broadcast and writes the dead letter.
            return;
        }
        if (body instanceof Scaler) {
            wake(event, EventKind.SCALER, event.getKey(), 0, 0, out);
        } else if (body instanceof Posterior posterior && !posterior.getSettled() && ours(posterior)) {
            wake(
                    event,
                    EventKind.REFRESH,
                    ModelIds.key(posterior),
                    posterior.getGeneration(),
                    posterior.getVersion(),
                    out);
        }
    }

    /** Other jobs may share the topic. */
    private boolean ours(Posterior posterior) {
        return posterior.getStudy().equals(config.study())
                && config.outcome(posterior.getOutcome()).isPresent();
    }

    private void wake(
            BagEvent event, EventKind kind, String key, long generation, long version, Collector<BagEvent> out) {
        // Another one first each time: where cells leave little time for refreshes, the first have it.
        int first = (int) Math.floorMod(version, (long) shards.count());
        for (int i = 0; i < shards.count(); i++) {
            out.collect(BagEvent.newBuilder()
                    .setShard(shards.key((first + i) % shards.count()))
                    .setKind(kind)
                    .setTopic(event.getTopic())
                    .setPartition(event.getPartition())
                    .setOffset(event.getOffset())
                    .setKey(key)
                    .setValue(NOTHING)
                    .setGeneration(generation)
                    .setVersion(version)
                    .build());
        }
    }
}
