package io.gmil.stream.bags;

import io.gmil.stream.state.Bag;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Complete bags that wait for the scaler of their embedding, by shard. */
final class WaitingBags {

    private final BagStore store;
    private final ModelCatalog catalog;

    /** Shards where there are some, with the scalers there were when these last looked for theirs. */
    private final Map<Integer, Integer> looked = new HashMap<>();

    /** How many there are, in shards that this subtask has worked on since it started. */
    private final Map<Integer, Integer> sizes = new HashMap<>();

    private long total;

    WaitingBags(BagStore store, ModelCatalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    void add(int shard, Bag bag) {
        int before = size(shard);
        store.await(bag.getSampleId());
        resize(shard, before + 1);
        looked.putIfAbsent(shard, catalog.scalers());
    }

    boolean holds(String sample) {
        return store.waits(sample);
    }

    /** The bag, if it waited, does so no more. */
    void remove(int shard, String sample) {
        if (store.waits(sample)) {
            int before = size(shard);
            store.stopWaiting(sample);
            resize(shard, before - 1);
            if (before == 1) {
                looked.remove(shard);
            }
        }
    }

    /** Whether there are some in a shard, as far as is known without looking. */
    boolean any(int shard) {
        return looked.containsKey(shard);
    }

    /** Takes out those whose scaler has come. */
    List<Bag> scaled(int shard) {
        Integer before = looked.get(shard);
        if (before != null && before == catalog.scalers()) {
            return List.of();
        }
        List<Bag> scaled = new ArrayList<>();
        int left = size(shard);
        for (String sample : store.waitingSamples()) {
            Bag bag = store.bag(sample);
            if (catalog.scaler(bag) != null) {
                scaled.add(bag);
                store.stopWaiting(sample);
                left--;
            }
        }
        resize(shard, left);
        if (left > 0) {
            looked.put(shard, catalog.scalers());
        } else {
            looked.remove(shard);
        }
        return scaled;
    }

    /** How many there are in a shard. */
    int size(int shard) {
        return sizes.computeIfAbsent(shard, absent -> {
            int size = store.waitingSamples().size();
            total += size;
            return size;
        });
    }

    /** Of every shard that this subtask has worked on since it started. */
    long total() {
        return total;
    }

    private void resize(int shard, int size) {
        total += size - size(shard);
        sizes.put(shard, size);
    }
}
