package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardsTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 32, 128, 1000})
    void everyKeyGroupHasExactlyOneKey(int count) {
        Shards shards = new Shards(count);
        Set<Integer> groups = new HashSet<>();
        for (int i = 0; i < count; i++) {
            groups.add(KeyGroupRangeAssignment.assignToKeyGroup(shards.key(i), count));
        }
        assertThat(shards.count()).isEqualTo(count);
        assertThat(groups).hasSize(count);
    }

    /** Another mapping would part the bags in existing state from their next records. */
    @ParameterizedTest
    @CsvSource({"'', 57", "P1, 0", "P2, 73", "patient-0001, 3", "'Ä/7|x', 108"})
    void patientsStayOnTheirShard(String patient, int key) {
        assertThat(new Shards(32).of(patient)).isEqualTo(key);
    }

    @Test
    void patientsSpreadEvenly() {
        int count = 32;
        Shards shards = new Shards(count);
        int[] patients = new int[KeyGroupRangeAssignment.UPPER_BOUND_MAX_PARALLELISM];
        for (int i = 0; i < 320 * count; i++) {
            patients[shards.of("patient-%05d".formatted(i))]++;
        }
        for (int i = 0; i < count; i++) {
            assertThat(patients[shards.key(i)]).isBetween(240, 400);
        }
    }
}
