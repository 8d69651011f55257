package io.gmil.stream.bags;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * When samples are due, by shard. In state is the time of each sample; on the heap, from which it is read back, their
 * order, so that neither the next one nor the first is searched for.
 */
final class Deadlines {

    /** What is stored of the current shard. */
    interface Entries {
        /** When a sample is due, in ms; null where it is not held. */
        Long get(String sample);

        void put(String sample, long due);

        void remove(String sample);

        Iterable<Map.Entry<String, Long>> all();
    }

    private record Due(long time, String sample) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int order = Long.compare(time, other.time);
            return order != 0 ? order : sample.compareTo(other.sample);
        }
    }

    private final Entries entries;
    private final Map<Integer, SortedSet<Due>> shards = new HashMap<>();
    private long total;

    Deadlines(Entries entries) {
        this.entries = entries;
    }

    boolean holds(String sample) {
        return entries.get(sample) != null;
    }

    /** In ms; the end of time where it is not held. */
    long due(String sample) {
        Long due = entries.get(sample);
        return due == null ? Long.MAX_VALUE : due;
    }

    /** Sets when a sample is due, in the place of another time it may have. */
    void set(int shard, String sample, long due) {
        remove(shard, sample);
        order(shard).add(new Due(due, sample));
        entries.put(sample, due);
        total++;
    }

    void remove(int shard, String sample) {
        Long due = entries.get(sample);
        if (due != null) {
            order(shard).remove(new Due(due, sample));
            entries.remove(sample);
            total--;
        }
    }

    /** Samples that are due by a time, the first one first. They stay until they are removed. */
    List<String> overdue(int shard, long time) {
        List<String> overdue = new ArrayList<>();
        for (Due due : order(shard)) {
            if (due.time() > time) {
                break;
            }
            overdue.add(due.sample());
        }
        return overdue;
    }

    /** The sample that is due first; there has to be one. */
    String first(int shard) {
        return order(shard).first().sample();
    }

    int size(int shard) {
        return order(shard).size();
    }

    /** Samples of every shard that this subtask has worked on since it started. */
    long total() {
        return total;
    }

    private SortedSet<Due> order(int shard) {
        SortedSet<Due> known = shards.get(shard);
        if (known != null) {
            return known;
        }
        SortedSet<Due> order = new TreeSet<>();
        entries.all().forEach(entry -> order.add(new Due(entry.getValue(), entry.getKey())));
        shards.put(shard, order);
        total += order.size();
        return order;
    }
}
