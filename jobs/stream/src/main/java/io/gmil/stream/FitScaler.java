package io.gmil.stream;

import io.gmil.kafka.AvroWire;
import io.gmil.model.FeatureMoments;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Scaler;
import io.gmil.stream.state.ScalerInput;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Freezes the scaler of an embedding version (DESIGN: {@code fit-scaler}): as a command sets it, else from the moments
 * of the first bags. The first one stays: another would be another model. So does that of a saved model the job began with.
 */
public final class FitScaler extends KeyedProcessFunction<String, ScalerInput, PosteriorMessage>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1L;

    private final JobConfig config;
    private final List<InitialModel> initial;

    private transient ListState<String> savedEmbeddings;
    private transient Set<String> saved;
    private transient ValueState<byte[]> frozen;
    private transient ValueState<Boolean> confirmed;
    private transient ValueState<ScalerInput> pooled;
    private transient ValueState<byte[]> covariates;
    private transient ValueState<Integer> bags;
    private transient AvroWire<PosteriorMessage> wire;

    /** @param initial saved models, whose embeddings have a scaler from the start unless there is state */
    public FitScaler(JobConfig config, List<InitialModel> initial) {
        this.config = config;
        this.initial = initial;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        savedEmbeddings = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("embeddings-of-saved-models", Types.STRING));
        saved = new HashSet<>();
        if (context.isRestored()) {
            savedEmbeddings.get().forEach(saved::add);
        } else {
            initial.forEach(model -> saved.add(model.embedding()));
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        savedEmbeddings.update(List.copyOf(saved));
    }

    @Override
    public void open(OpenContext context) {
        wire = AvroWire.of(PosteriorMessage.class);
        frozen = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("frozen", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        confirmed = getRuntimeContext().getState(new ValueStateDescriptor<>("confirmed", Types.BOOLEAN));
        pooled = getRuntimeContext()
                .getState(new ValueStateDescriptor<>("pooled", new AvroTypeInfo<>(ScalerInput.class)));
        covariates = getRuntimeContext()
                .getState(new ValueStateDescriptor<>(
                        "covariates", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        bags = getRuntimeContext().getState(new ValueStateDescriptor<>("bags", Types.INT));
    }

    @Override
    public void processElement(ScalerInput input, Context context, Collector<PosteriorMessage> out) throws Exception {
        String embedding = ModelIds.embedding(input.getStudy(), input.getEmbedding(), input.getEmbeddingVersion());
        if (saved.contains(embedding)) {
            return;
        }
        if (input.getPublished()) {
            confirm(wire.decode(Bytes.array(input.getScaler())), out);
        } else if (frozen.value() == null && input.getScaler() != null) {
            freeze(wire.decode(Bytes.array(input.getScaler())), out);
        } else if (frozen.value() == null) {
            pool(input, out);
        }
    }

    /**
     * The first scaler that is read from the topic is that of all bags, even if a crash has cut off the branch it was fitted
     * in. The topic has to keep it: where another was published, it is published again.
     */
    private void confirm(PosteriorMessage read, Collector<PosteriorMessage> out) throws Exception {
        byte[] published = frozen.value();
        PosteriorMessage known = published == null ? read : wire.decode(published);
        boolean other = !id(read).equals(id(known));
        if (confirmed.value() == null) {
            confirmed.update(true);
            keep(read);
            known = read;
        }
        if (other) {
            out.collect(known);
        }
    }

    private static String id(PosteriorMessage scaler) {
        return ((Scaler) scaler.getBody()).getScalerId();
    }

    private void pool(ScalerInput input, Collector<PosteriorMessage> out) throws Exception {
        ScalerInput before = pooled.value();
        FeatureMoments fixed = covariateMoments();
        if (before != null && before.getMean().remaining() != input.getMean().remaining()) {
            // A bag of another width cannot take part; the bags operator rejects it once the scaler is known.
            return;
        }
        if (input.getCells() < 0) {
            withdraw(input, before, fixed);
            return;
        }
        FeatureMoments features = moments(input);
        if (before != null) {
            features.add(moments(before));
        }
        if (fixed != null) {
            fixed.add(floats(Bytes.doubles(input.getCovariates())), 1);
            covariates.update(Bytes.array(ScalerMoments.bytes(fixed)));
        }
        int seen = (bags.value() == null ? 0 : bags.value()) + 1;
        bags.update(seen);
        pooled.update(pooled(input, features));
        if (seen >= config.scalerBags()) {
            freeze(new PosteriorMessage(scaler(input, features, fixed)), out);
        }
    }

    /** Takes a bag of an erased patient out again. */
    private void withdraw(ScalerInput input, ScalerInput before, FeatureMoments fixed) throws Exception {
        int seen = before == null ? 0 : bags.value();
        if (seen < 2) {
            pooled.clear();
            covariates.clear();
            bags.clear();
            return;
        }
        FeatureMoments features = moments(before);
        features.remove(moments(
                ScalerInput.newBuilder(input).setCells(-input.getCells()).build()));
        if (fixed != null) {
            FeatureMoments of = new FeatureMoments(config.covariates().size());
            of.add(floats(Bytes.doubles(input.getCovariates())), 1);
            fixed.remove(of);
            covariates.update(Bytes.array(ScalerMoments.bytes(fixed)));
        }
        bags.update(seen - 1);
        pooled.update(pooled(input, features));
    }

    private static ScalerInput pooled(ScalerInput input, FeatureMoments features) {
        return ScalerInput.newBuilder(input)
                .setCells(features.count())
                .setMean(Bytes.of(features.mean()))
                .setM2(Bytes.of(features.m2()))
                .build();
    }

    private void freeze(PosteriorMessage scaler, Collector<PosteriorMessage> out) throws Exception {
        keep(scaler);
        out.collect(scaler);
    }

    private void keep(PosteriorMessage scaler) throws Exception {
        frozen.update(wire.encode(scaler));
        pooled.clear();
        covariates.clear();
        bags.clear();
    }

    private FeatureMoments covariateMoments() throws Exception {
        if (config.covariates().isEmpty()) {
            return null;
        }
        byte[] before = covariates.value();
        return before == null ? new FeatureMoments(config.covariates().size()) : ScalerMoments.of(before);
    }

    private static FeatureMoments moments(ScalerInput input) {
        return new FeatureMoments(input.getCells(), Bytes.doubles(input.getMean()), Bytes.doubles(input.getM2()));
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private Scaler scaler(ScalerInput input, FeatureMoments features, FeatureMoments fixed) {
        List<Double> mean = list(features.mean());
        List<Double> sd = list(features.sd());
        List<Double> fixedMean = fixed == null ? List.of() : list(fixed.mean());
        List<Double> fixedSd = fixed == null ? List.of() : list(fixed.sd());
        return Scaler.newBuilder()
                .setScalerId(id(List.of(mean, sd, fixedMean, fixedSd)))
                .setStudy(input.getStudy())
                .setEmbedding(input.getEmbedding())
                .setEmbeddingVersion(input.getEmbeddingVersion())
                .setCells(features.count())
                .setMean(mean)
                .setSd(sd)
                .setCovariates(config.covariates())
                .setCovariateMean(fixedMean)
                .setCovariateSd(fixedSd)
                .build();
    }

    /** Names a scaler by its content. */
    static String id(List<List<Double>> content) {
        CRC32C crc = new CRC32C();
        content.forEach(values -> crc.update(
                Bytes.of(values.stream().mapToDouble(Double::doubleValue).toArray())));
        return "%08x".formatted(crc.getValue());
    }

    private static List<Double> list(double[] values) {
        List<Double> list = new ArrayList<>(values.length);
        for (double value : values) {
            list.add(value);
        }
        return list;
    }
}
