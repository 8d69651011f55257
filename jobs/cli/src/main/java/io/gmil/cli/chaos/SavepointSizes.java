package io.gmil.cli.chaos;

import io.gmil.stream.state.Bag;
import io.gmil.stream.state.Erasure;
import io.gmil.stream.state.OutcomeState;
import io.gmil.stream.state.Patient;
import io.gmil.stream.state.StoredSite;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;

/**
 * What of the state of the bags is in a canonical savepoint: entries and bytes, keys and values. Bags are told apart by what
 * has become of them.
 */
final class SavepointSizes {

    /** @param bytes of keys and values */
    record Size(long entries, long bytes) {

        static final Size NONE = new Size(0, 0);

        Size plus(Size other) {
            return new Size(entries + other.entries, bytes + other.bytes);
        }
    }

    /** Before what has become of a bag. */
    private static final String BAGS = "bags";

    static final String KEPT = BAGS + " kept";
    static final String DROPPED = BAGS + " dropped";

    /** Bags without a label that wait to be dropped, and dropped ones that wait to be forgotten. */
    static final String UNLABELLED = "unlabelled";

    static final String PATIENTS = "patients";

    static final String SITES = "sites";

    private final Map<String, Size> sizes;

    private SavepointSizes(Map<String, Size> sizes) {
        this.sizes = sizes;
    }

    @SuppressWarnings("try") // nobody interrupts the reader of a file
    static SavepointSizes read(String savepoint) throws Exception {
        Configuration settings = new Configuration();
        settings.set(CoreOptions.DEFAULT_PARALLELISM, 1);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, settings);
        Map<String, Size> sizes = new TreeMap<>();
        var stored = SavepointReader.read(env, savepoint)
                .readKeyedState(
                        OperatorIdentifier.forUid("bags"),
                        new SizesReader(),
                        Types.INT,
                        Types.TUPLE(Types.STRING, Types.LONG, Types.LONG));
        try (CloseableIterator<Tuple3<String, Long, Long>> each = stored.executeAndCollect()) {
            each.forEachRemaining(size -> sizes.merge(size.f0, new Size(size.f1, size.f2), Size::plus));
        }
        return new SavepointSizes(sizes);
    }

    /** Of a state by its name. */
    Size of(String name) {
        return sizes.getOrDefault(name, Size.NONE);
    }

    /** By name. */
    Map<String, Size> all() {
        return sizes;
    }

    /** For each state of each shard its name, entries and bytes. */
    private static final class SizesReader extends KeyedStateReaderFunction<Integer, Tuple3<String, Long, Long>> {

        private static final long serialVersionUID = 1L;

        private transient Map<String, Measured<?>> states;

        /** A state and how its values are written. */
        private record Measured<T>(MapState<String, T> state, TypeSerializer<T> serializer) {}

        @Override
        public void open(OpenContext context) {
            states = new LinkedHashMap<>();
            add(BAGS, new AvroTypeInfo<>(Bag.class));
            add("chunks", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
            add("outcomes", new AvroTypeInfo<>(OutcomeState.class));
            add(SITES, new AvroTypeInfo<>(StoredSite.class));
            add("revising", Types.INT);
            add("commands", Types.INT);
            add(PATIENTS, new AvroTypeInfo<>(Patient.class));
            add("erased", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
            add("erasures", new AvroTypeInfo<>(Erasure.class));
            add("deadlines", Types.LONG);
            add(UNLABELLED, Types.LONG);
        }

        private <T> void add(String name, TypeInformation<T> type) {
            MapState<String, T> state =
                    getRuntimeContext().getMapState(new MapStateDescriptor<>(name, Types.STRING, type));
            states.put(name, new Measured<>(state, type.createSerializer(new SerializerConfigImpl())));
        }

        @Override
        public void readKey(Integer shard, Context context, Collector<Tuple3<String, Long, Long>> out)
                throws Exception {
            for (Map.Entry<String, Measured<?>> state : states.entrySet()) {
                measure(state.getKey(), state.getValue(), out);
            }
        }

        private static <T> void measure(String name, Measured<T> of, Collector<Tuple3<String, Long, Long>> out)
                throws Exception {
            DataOutputSerializer target = new DataOutputSerializer(1024);
            for (Map.Entry<String, T> entry : of.state().entries()) {
                target.clear();
                of.serializer().serialize(entry.getValue(), target);
                String named = entry.getValue() instanceof Bag bag
                        ? name + " " + bag.getFate().name().toLowerCase(Locale.ROOT)
                        : name;
                long key = entry.getKey().getBytes(StandardCharsets.UTF_8).length;
                out.collect(Tuple3.of(named, 1L, key + target.length()));
            }
        }
    }
}
