package io.gmil.stream;

import io.gmil.kafka.AvroWire;
import io.gmil.model.BagMeanMoments;
import io.gmil.model.BagMeanReference;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Scaler;
import io.gmil.stream.state.BagMean;
import io.gmil.stream.state.BagMeansState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Gathers the means of the bags of every embedding version and publishes what follows for the next one (DESIGN: {@code
 * fit-reference}), first after {@value BagMeanMoments#LEAST_BAGS} bags and then each time there are a quarter more: seldom
 * enough to cost nothing, and often enough that a shift that stays becomes the rule. To be run by one subtask: a shard has too few
 * bags. The moments are on the heap, since every bag changes all of them.
 */
public final class FitReference extends ProcessFunction<BagMean, PosteriorMessage> implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    private static final double GROWTH = 1.25;

    private transient ListState<BagMeansState> stored;
    private transient Map<String, Gathered> gathered;
    private transient AvroWire<PosteriorMessage> wire;

    /** The means of one embedding version. */
    private static final class Gathered {
        private final ByteBuffer scaler;
        private final BagMeanMoments moments;
        private int published;

        Gathered(ByteBuffer scaler, BagMeanMoments moments, int published) {
            this.scaler = scaler;
            this.moments = moments;
            this.published = published;
        }
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        stored = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("bag-means", new AvroTypeInfo<>(BagMeansState.class)));
        gathered = new HashMap<>();
        for (BagMeansState state : stored.get()) {
            BagMeanMoments moments = BagMeanMoments.fromBytes(Bytes.array(state.getMoments()));
            gathered.put(state.getKey(), new Gathered(state.getScaler(), moments, state.getPublished()));
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        List<BagMeansState> states = new ArrayList<>();
        gathered.forEach((key, each) -> states.add(
                new BagMeansState(key, each.scaler, ByteBuffer.wrap(each.moments.toBytes()), each.published)));
        stored.update(states);
    }

    @Override
    public void open(OpenContext context) {
        wire = AvroWire.of(PosteriorMessage.class);
    }

    @Override
    public void processElement(BagMean bag, Context context, Collector<PosteriorMessage> out) throws Exception {
        double[] mean = Bytes.doubles(bag.getMean());
        Gathered all = gathered.computeIfAbsent(
                bag.getKey(), key -> new Gathered(bag.getScaler(), new BagMeanMoments(mean.length), 0));
        if (!bag.getRemoved()) {
            all.moments.add(mean);
        } else if (all.moments.bags() > 0) {
            all.moments.remove(mean);
        }
        // Without an erased patient the reference is published at once.
        boolean due = bag.getRemoved() ? all.published > 0 : all.moments.bags() >= GROWTH * all.published;
        Optional<BagMeanReference> reference = due ? all.moments.reference() : Optional.empty();
        if (reference.isPresent()) {
            all.published = all.moments.bags();
            Scaler scaler = (Scaler) wire.decode(Bytes.array(all.scaler)).getBody();
            scaler.setBagMeans(BagMeansCodec.record(reference.get()));
            out.collect(new PosteriorMessage(scaler));
        }
    }
}
