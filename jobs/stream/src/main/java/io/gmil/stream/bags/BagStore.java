package io.gmil.stream.bags;

import io.gmil.stream.state.Bag;
import io.gmil.stream.state.OutcomeState;
import io.gmil.stream.state.StoredSite;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.apache.flink.util.FlinkRuntimeException;

/** The keyed state of the current shard. Every key starts with the sample, so a sample's entries stand together. */
final class BagStore {

    private static final char SEPARATOR = '\u0000';

    /** A few of the largest bags for each subtask. */
    private static final long CACHE_BYTES = 128L << 20;

    private final ChunkCache cache = new ChunkCache(CACHE_BYTES);
    private final MapState<String, Bag> bags;
    private final MapState<String, byte[]> chunks;
    private final MapState<String, byte[]> annotations;
    private final MapState<String, OutcomeState> outcomes;
    private final MapState<String, StoredSite> sites;
    private final MapState<String, Integer> waiting;
    private final MapState<String, Integer> commands;

    BagStore(RuntimeContext context) {
        bags = context.getMapState(descriptor("bags", new AvroTypeInfo<>(Bag.class)));
        chunks = context.getMapState(descriptor("chunks", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        annotations =
                context.getMapState(descriptor("annotations", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        outcomes = context.getMapState(descriptor("outcomes", new AvroTypeInfo<>(OutcomeState.class)));
        sites = context.getMapState(descriptor("sites", new AvroTypeInfo<>(StoredSite.class)));
        waiting = context.getMapState(descriptor("waiting-for-scaler", Types.INT));
        commands = context.getMapState(descriptor("commands", Types.INT));
    }

    private static <T> MapStateDescriptor<String, T> descriptor(String name, TypeInformation<T> type) {
        return new MapStateDescriptor<>(name, Types.STRING, type);
    }

    Bag bag(String sample) {
        return get(bags, sample);
    }

    void put(Bag bag) {
        put(bags, bag.getSampleId(), bag);
    }

    Iterable<Bag> bags() {
        return read(bags::values);
    }

    /** Encoded values of a chunk, to be given back by {@link #recycle} when they have been read. */
    byte[] chunk(Bag bag, int index) {
        String key = chunkKey(bag, index);
        byte[] cached = cache.remove(key);
        return cached != null ? cached : get(chunks, key);
    }

    void recycle(byte[] values) {
        cache.recycle(values);
    }

    /** An array for the values of a chunk, of any length. */
    byte[] spare() {
        return cache.spare();
    }

    /** Annotations of a chunk as an encoded CellChunk without values, or null. */
    byte[] annotations(Bag bag, int index) {
        return get(annotations, chunkKey(bag, index));
    }

    void putChunk(Bag bag, int index, byte[] values, byte[] annotation) {
        put(chunks, chunkKey(bag, index), values);
        cache.put(chunkKey(bag, index), values);
        if (annotation != null) {
            put(annotations, chunkKey(bag, index), annotation);
        }
    }

    void dropChunks(Bag bag) {
        for (int chunk = 0; chunk < bag.getChunkCells().size(); chunk++) {
            cache.remove(chunkKey(bag, chunk));
            remove(chunks, chunkKey(bag, chunk));
            remove(annotations, chunkKey(bag, chunk));
        }
    }

    /** What is known of an outcome of a sample; a blank record where nothing is. */
    OutcomeState outcome(String sample, String outcome) {
        OutcomeState state = get(outcomes, sample + SEPARATOR + outcome);
        return state != null ? state : OutcomeState.newBuilder().build();
    }

    void putOutcome(String sample, String outcome, OutcomeState state) {
        put(outcomes, sample + SEPARATOR + outcome, state);
    }

    StoredSite site(String sample, String model) {
        return get(sites, sample + SEPARATOR + model);
    }

    void putSite(String sample, String model, StoredSite site) {
        put(sites, sample + SEPARATOR + model, site);
    }

    void removeSite(String sample, String model) {
        remove(sites, sample + SEPARATOR + model);
    }

    /** Visits the sites of the shard, to rebuild an index of them. */
    void forEachSite(SiteVisitor visitor) {
        for (var entry : read(sites::entries)) {
            String[] key = entry.getKey().split(String.valueOf(SEPARATOR), 2);
            visitor.visit(key[0], key[1], entry.getValue());
        }
    }

    void await(String sample) {
        put(waiting, sample, 1);
    }

    Iterable<String> waiting() {
        return read(waiting::keys);
    }

    void stopWaiting(String sample) {
        remove(waiting, sample);
    }

    /** Whether a command is new to the shard; from now on it is not. */
    boolean firstTime(String command) {
        if (get(commands, command) != null) {
            return false;
        }
        put(commands, command, 1);
        return true;
    }

    /** Receives a stored site. */
    interface SiteVisitor {
        void visit(String sample, String model, StoredSite site);
    }

    private static String chunkKey(Bag bag, int index) {
        return bag.getSampleId() + SEPARATOR + bag.getRevision() + SEPARATOR + index;
    }

    private static <T> T get(MapState<String, T> state, String key) {
        return read(() -> state.get(key));
    }

    private static <T> void put(MapState<String, T> state, String key, T value) {
        read(() -> {
            state.put(key, value);
            return null;
        });
    }

    private static <T> void remove(MapState<String, T> state, String key) {
        read(() -> {
            state.remove(key);
            return null;
        });
    }

    private interface Access<T> {
        T run() throws Exception;
    }

    /** The state API declares Exception; a failing backend must fail the task. */
    private static <T> T read(Access<T> access) {
        try {
            return access.run();
        } catch (Exception e) {
            throw new FlinkRuntimeException("state of the bags operator cannot be reached", e);
        }
    }
}
