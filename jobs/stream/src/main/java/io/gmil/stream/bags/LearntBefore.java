package io.gmil.stream.bags;

import io.gmil.stream.saved.Fingerprint;
import io.gmil.stream.state.Bag;
import java.util.Map;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.util.FlinkRuntimeException;

/** The samples that saved models have learnt: their labels are in the sums already and must not be added again. */
final class LearntBefore {

    private static final char SEPARATOR = '\u0000';

    private final BroadcastState<String, String> fingerprints;

    /** @param fingerprints the first digits of a bag's fingerprint, by model key and sample */
    LearntBefore(BroadcastState<String, String> fingerprints) {
        this.fingerprints = fingerprints;
    }

    void put(String model, Map<String, String> samples) throws Exception {
        for (Map.Entry<String, String> sample : samples.entrySet()) {
            fingerprints.put(model + SEPARATOR + sample.getKey(), sample.getValue());
        }
    }

    /** Whether a model began with this very bag, by name and cells. Reads the cells only where the name is known. */
    boolean holds(String model, Bag bag, BagStore store) {
        String known = known(model, bag.getSampleId());
        return known != null && fingerprint(bag, store).startsWith(known);
    }

    private String known(String model, String sample) {
        try {
            return fingerprints.get(model + SEPARATOR + sample);
        } catch (Exception e) {
            throw new FlinkRuntimeException("state of the bags operator cannot be reached", e);
        }
    }

    /** As {@link Fingerprint#ofBag}, chunk by chunk. */
    private static String fingerprint(Bag bag, BagStore store) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.add(bag.getSampleId());
        for (int chunk = 0; chunk < bag.getChunkCells().size(); chunk++) {
            byte[] values = store.chunk(bag, chunk);
            fingerprint.add(values, bag.getChunkCells().get(chunk) * bag.getWidth() * Float.BYTES);
            store.recycle(values);
        }
        return fingerprint.hex();
    }
}
