package io.gmil.stream;

import java.io.Serializable;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * The keys patients are spread over: exactly one per key group, so that every subtask owns the same number of shards
 * whatever the parallelism.
 */
public final class Shards implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int[] keys;

    /** @param count shards, which is also the job's max parallelism */
    public Shards(int count) {
        keys = new int[count];
        boolean[] found = new boolean[count];
        for (int candidate = 0, missing = count; missing > 0; candidate++) {
            int group = KeyGroupRangeAssignment.assignToKeyGroup(candidate, count);
            if (!found[group]) {
                found[group] = true;
                keys[group] = candidate;
                missing--;
            }
        }
    }

    public int count() {
        return keys.length;
    }

    /** The key of the shard at position {@code index}. */
    public int key(int index) {
        return keys[index];
    }

    /** The key of the shard that holds a patient; the same on every machine and in every release. */
    public int of(String patientId) {
        int hash = patientId.hashCode();
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        return keys[Math.floorMod(hash, keys.length)];
    }
}
