package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadlinesTest {

    private static final int SHARD = 3;

    /** State of one shard. */
    private static final class Memory implements Deadlines.Entries {
        private final Map<String, Long> entries = new HashMap<>();

        @Override
        public Long get(String sample) {
            return entries.get(sample);
        }

        @Override
        public void put(String sample, long due) {
            entries.put(sample, due);
        }

        @Override
        public void remove(String sample) {
            entries.remove(sample);
        }

        @Override
        public Iterable<Map.Entry<String, Long>> all() {
            return entries.entrySet();
        }
    }

    private final Memory memory = new Memory();
    private final Deadlines deadlines = new Deadlines(memory);

    @Test
    void whatIsDueComesInOrderAndStaysUntilItIsRemoved() {
        deadlines.set(SHARD, "late", 300);
        deadlines.set(SHARD, "b", 100);
        deadlines.set(SHARD, "a", 100);
        deadlines.set(SHARD, "early", 50);

        assertThat(deadlines.overdue(SHARD, 49)).isEmpty();
        assertThat(deadlines.overdue(SHARD, 100)).containsExactly("early", "a", "b");
        assertThat(deadlines.first(SHARD)).isEqualTo("early");
        deadlines.remove(SHARD, "early");
        deadlines.remove(SHARD, "unknown");
        assertThat(deadlines.overdue(SHARD, 299)).containsExactly("a", "b");
        assertThat(deadlines.size(SHARD)).isEqualTo(3);
        assertThat(memory.entries).containsOnlyKeys("a", "b", "late");
    }

    @Test
    void aSampleHasOneTime() {
        deadlines.set(SHARD, "s", 100);
        deadlines.set(SHARD, "s", 200);

        assertThat(deadlines.overdue(SHARD, 150)).isEmpty();
        assertThat(deadlines.overdue(SHARD, 200)).containsExactly("s");
        assertThat(deadlines.total()).isEqualTo(1);
    }

    @Test
    void theOrderIsReadBackFromState() {
        deadlines.set(SHARD, "b", 200);
        deadlines.set(SHARD, "a", 100);
        Deadlines restored = new Deadlines(memory);
        restored.set(SHARD, "c", 150);
        restored.remove(SHARD, "a");

        assertThat(restored.overdue(SHARD, 1000)).containsExactly("c", "b");
        assertThat(restored.total()).isEqualTo(2);
    }
}
