package io.gmil.cli.chaos;

import io.gmil.model.Posterior;
import io.gmil.model.Site;
import io.gmil.stream.JobConfig;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.PosteriorCodec;
import io.gmil.stream.Sites;
import io.gmil.stream.state.LearnerState;
import io.gmil.stream.state.StoredSite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;

/**
 * Whether the posteriors in a savepoint are what the design says: prior and the sum of the sites of the labelled bags in state,
 * each once.
 *
 * @param model its key
 * @param labelledBags as the learner counts them
 * @param sites in the state of the bags
 * @param difference largest relative difference of the posterior mean after a step from the sums of the learner and one from
 *     sums made anew of the sites
 */
public record SavepointSums(String model, int labelledBags, int sites, double difference) {

    private static final double TOLERANCE = 1e-9;

    /** Whether nothing is missing and nothing is there twice. */
    public boolean exact() {
        return labelledBags == sites && difference <= TOLERANCE;
    }

    /**
     * Reads a canonical savepoint of the learning job, whose learners began with the prior.
     *
     * @param savepoint its URI
     * @return one for each model
     */
    @SuppressWarnings("try") // nobody interrupts the reader of a file
    public static List<SavepointSums> read(String savepoint, JobConfig config) throws Exception {
        Configuration settings = new Configuration();
        settings.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, settings);
        SavepointReader reader = SavepointReader.read(env, savepoint);
        Map<String, List<Site>> sites = new HashMap<>();
        var stored = reader.readKeyedState(
                OperatorIdentifier.forUid("bags"),
                new SitesReader(),
                Types.INT,
                new TupleTypeInfo<>(Types.STRING, Types.STRING, new AvroTypeInfo<>(StoredSite.class)));
        try (CloseableIterator<Tuple3<String, String, StoredSite>> each = stored.executeAndCollect()) {
            each.forEachRemaining(site ->
                    sites.computeIfAbsent(site.f1, absent -> new ArrayList<>()).add(Sites.of(site.f2)));
        }
        Map<String, SavepointSums> sums = new TreeMap<>();
        var learners = reader.readKeyedState(
                OperatorIdentifier.forUid("update-posterior"),
                new LearnersReader(),
                Types.STRING,
                new TupleTypeInfo<>(
                        Types.STRING,
                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO,
                        new AvroTypeInfo<>(LearnerState.class)));
        try (CloseableIterator<Tuple3<String, byte[], LearnerState>> each = learners.executeAndCollect()) {
            each.forEachRemaining(learner -> {
                List<Site> ofModel = sites.getOrDefault(learner.f0, List.of());
                sums.put(learner.f0, compared(learner.f0, learner.f1, learner.f2, ofModel, config));
            });
        }
        return List.copyOf(sums.values());
    }

    private static SavepointSums compared(
            String model, byte[] stored, LearnerState state, List<Site> sites, JobConfig config) {
        OutcomeConfig outcome = config.outcome(state.getModel().getOutcome()).orElseThrow();
        var spec = PosteriorCodec.spec(outcome.trials(), state.getModel().getWidth(), config);
        Posterior summed = Posterior.fromBytes(stored, spec);
        Posterior rebuilt = Posterior.fromBytes(stored, spec);
        rebuilt.rebuild(sites);
        int labelled = summed.labelledBags();
        summed.step();
        rebuilt.step();
        double[] a = summed.snapshot(0, 0).mean();
        double[] b = rebuilt.snapshot(0, 0).mean();
        double scale = 0;
        double difference = 0;
        for (int i = 0; i < a.length; i++) {
            scale = Math.max(scale, Math.abs(b[i]));
            difference = Math.max(difference, Math.abs(a[i] - b[i]));
        }
        return new SavepointSums(model, labelled, sites.size(), scale == 0 ? difference : difference / scale);
    }

    /** Sample, model and site. */
    private static final class SitesReader
            extends KeyedStateReaderFunction<Integer, Tuple3<String, String, StoredSite>> {

        private static final long serialVersionUID = 1L;

        private transient MapState<String, StoredSite> sites;

        @Override
        public void open(OpenContext context) {
            sites = getRuntimeContext()
                    .getMapState(new MapStateDescriptor<>("sites", Types.STRING, new AvroTypeInfo<>(StoredSite.class)));
        }

        @Override
        public void readKey(Integer shard, Context context, Collector<Tuple3<String, String, StoredSite>> out)
                throws Exception {
            for (Map.Entry<String, StoredSite> site : sites.entries()) {
                String[] key = site.getKey().split("\u0000", 2);
                out.collect(Tuple3.of(key[0], key[1], site.getValue()));
            }
        }
    }

    /** Model, sums and where the loop stands. */
    private static final class LearnersReader
            extends KeyedStateReaderFunction<String, Tuple3<String, byte[], LearnerState>> {

        private static final long serialVersionUID = 1L;

        private transient ValueState<byte[]> sums;
        private transient ValueState<LearnerState> loops;

        @Override
        public void open(OpenContext context) {
            sums = getRuntimeContext()
                    .getState(
                            new ValueStateDescriptor<>("sums", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
            loops = getRuntimeContext()
                    .getState(new ValueStateDescriptor<>("loops", new AvroTypeInfo<>(LearnerState.class)));
        }

        @Override
        public void readKey(String model, Context context, Collector<Tuple3<String, byte[], LearnerState>> out)
                throws Exception {
            out.collect(Tuple3.of(model, sums.value(), loops.value()));
        }
    }
}
