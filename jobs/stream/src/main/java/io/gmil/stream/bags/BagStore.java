package io.gmil.stream.bags;

import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.OutcomeState;
import io.gmil.stream.state.StoredSite;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/** The keyed state of the current shard. Every key starts with the sample, so a sample's entries stand together. */
final class BagStore {

    private static final char SEPARATOR = '\u0000';

    /** A few of the largest bags for each subtask. */
    private static final long CACHE_BYTES = 128L << 20;

    private static final int CACHE_ARRAYS = 4096;

    private final ChunkCache cache = new ChunkCache(CACHE_BYTES, CACHE_ARRAYS);
    private final List<OutcomeConfig> known;
    private final MapState<String, Bag> bags;
    private final MapState<String, byte[]> chunks;
    private final MapState<String, byte[]> annotations;
    private final MapState<String, OutcomeState> outcomes;
    private final MapState<String, StoredSite> sites;
    private final MapState<String, Integer> waiting;
    private final MapState<String, Integer> commands;
    private final MapState<String, Integer> revising;

    /** @param known outcomes of which there may be state */
    BagStore(RuntimeContext context, List<OutcomeConfig> known) {
        this.known = known;
        bags = context.getMapState(States.descriptor("bags", new AvroTypeInfo<>(Bag.class)));
        chunks =
                context.getMapState(States.descriptor("chunks", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        annotations = context.getMapState(
                States.descriptor("annotations", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        outcomes = context.getMapState(States.descriptor("outcomes", new AvroTypeInfo<>(OutcomeState.class)));
        sites = context.getMapState(States.descriptor("sites", new AvroTypeInfo<>(StoredSite.class)));
        waiting = context.getMapState(States.descriptor("waiting-for-scaler", Types.INT));
        commands = context.getMapState(States.descriptor("commands", Types.INT));
        revising = context.getMapState(States.descriptor("revising", Types.INT));
    }

    /** Outcomes of which there may be labels and sites: also those that the job learns no more. */
    List<OutcomeConfig> outcomes() {
        return known;
    }

    Bag bag(String sample) {
        return States.get(bags, sample);
    }

    void put(Bag bag) {
        States.put(bags, bag.getSampleId(), bag);
    }

    Iterable<Bag> bags() {
        return States.read(bags::values);
    }

    /** Encoded values of a chunk, to be given back by {@link #recycle} when they have been read. */
    byte[] chunk(Bag bag, int index) {
        String key = chunkKey(bag, index);
        byte[] cached = cache.remove(key);
        return cached != null ? cached : States.get(chunks, key);
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
        return States.get(annotations, chunkKey(bag, index));
    }

    void putChunk(Bag bag, int index, byte[] values, byte[] annotation) {
        States.put(chunks, chunkKey(bag, index), values);
        cache.put(chunkKey(bag, index), values);
        if (annotation != null) {
            States.put(annotations, chunkKey(bag, index), annotation);
        }
    }

    void dropChunks(Bag bag) {
        for (int chunk = 0; chunk < bag.getChunkCells().size(); chunk++) {
            cache.remove(chunkKey(bag, chunk));
            States.remove(chunks, chunkKey(bag, chunk));
            States.remove(annotations, chunkKey(bag, chunk));
        }
    }

    /**
     * An outcome of a sample with the label that holds for it: its own, else that of its patient. Not to be stored when that
     * is {@link OutcomeState#getOfPatient of the patient}.
     */
    OutcomeState label(Bag bag, String outcome) {
        return label(bag, outcome, outcome(bag.getSampleId(), outcome));
    }

    /** @param own what is known of the sample */
    OutcomeState label(Bag bag, String outcome, OutcomeState own) {
        if (own.getLabelled()) {
            return own;
        }
        OutcomeState common = patientLabel(bag.getPatientId(), outcome);
        return !common.getLabelled()
                ? own
                : OutcomeState.newBuilder(own)
                        .setLabelled(true)
                        .setOfPatient(true)
                        .setLabelRevision(common.getLabelRevision())
                        .setValue(common.getValue())
                        .setTrials(common.getTrials())
                        .setLabelArrivedAt(common.getLabelArrivedAt())
                        .build();
    }

    /** Everything of a sample but its outcomes and sites. */
    void remove(Bag bag) {
        dropChunks(bag);
        stopWaiting(bag.getSampleId());
        States.remove(bags, bag.getSampleId());
    }

    /** Removes everything there is of a sample, its labels too. */
    void forget(Bag bag) {
        remove(bag);
        for (OutcomeConfig outcome : known) {
            removeOutcome(bag.getSampleId(), outcome.name());
        }
    }

    /** The label of an outcome that a patient has; a blank record where there is none. */
    OutcomeState patientLabel(String patient, String outcome) {
        return outcome(SEPARATOR + patient, outcome);
    }

    void putPatientLabel(String patient, String outcome, OutcomeState label) {
        putOutcome(SEPARATOR + patient, outcome, label);
    }

    void removePatientLabel(String patient, String outcome) {
        removeOutcome(SEPARATOR + patient, outcome);
    }

    /** What is known of an outcome of a sample; a blank record where nothing is. */
    OutcomeState outcome(String sample, String outcome) {
        OutcomeState state = States.get(outcomes, sample + SEPARATOR + outcome);
        return state != null ? state : OutcomeState.newBuilder().build();
    }

    void putOutcome(String sample, String outcome, OutcomeState state) {
        States.put(outcomes, sample + SEPARATOR + outcome, state);
    }

    void removeOutcome(String sample, String outcome) {
        States.remove(outcomes, sample + SEPARATOR + outcome);
        States.remove(revising, sample + SEPARATOR + outcome);
    }

    /** Notes that a revised prediction is due. */
    void revise(String sample, String outcome) {
        States.put(revising, sample + SEPARATOR + outcome, 1);
    }

    void revised(String sample, String outcome) {
        States.remove(revising, sample + SEPARATOR + outcome);
    }

    /** Samples and outcomes of which a revised prediction is due. */
    List<SampleOutcome> revising() {
        List<SampleOutcome> due = new ArrayList<>();
        for (String key : States.read(revising::keys)) {
            String[] parts = key.split(String.valueOf(SEPARATOR), 2);
            due.add(new SampleOutcome(parts[0], parts[1]));
        }
        return due;
    }

    StoredSite site(String sample, String model) {
        return States.get(sites, sample + SEPARATOR + model);
    }

    void putSite(String sample, String model, StoredSite site) {
        States.put(sites, sample + SEPARATOR + model, site);
    }

    void removeSite(String sample, String model) {
        States.remove(sites, sample + SEPARATOR + model);
    }

    /** Visits the sites of the shard, to rebuild an index of them. */
    void forEachSite(SiteVisitor visitor) {
        for (var entry : States.read(sites::entries)) {
            String[] key = entry.getKey().split(String.valueOf(SEPARATOR), 2);
            visitor.visit(key[0], key[1], entry.getValue());
        }
    }

    void await(String sample) {
        States.put(waiting, sample, 1);
    }

    boolean waits(String sample) {
        return States.get(waiting, sample) != null;
    }

    List<String> waitingSamples() {
        List<String> samples = new ArrayList<>();
        States.read(waiting::keys).forEach(samples::add);
        return samples;
    }

    void stopWaiting(String sample) {
        States.remove(waiting, sample);
    }

    /** Whether a command is new to the shard; from now on it is not. */
    boolean firstTime(String command) {
        if (States.get(commands, command) != null) {
            return false;
        }
        States.put(commands, command, 1);
        return true;
    }

    /** An outcome of a sample. */
    record SampleOutcome(String sample, String outcome) {}

    /** Receives a stored site. */
    interface SiteVisitor {
        void visit(String sample, String model, StoredSite site);
    }

    private static String chunkKey(Bag bag, int index) {
        return bag.getSampleId() + SEPARATOR + bag.getRevision() + SEPARATOR + index;
    }
}
