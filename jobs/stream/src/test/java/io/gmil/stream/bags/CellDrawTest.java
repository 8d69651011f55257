package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CellDrawTest {

    @Test
    void exactlySoManyRowsInOrderAndNoneTwice() {
        for (int seed = 0; seed < 200; seed++) {
            int[] rows = CellDraw.rows(seed, 100, 1 + seed % 100);
            assertThat(rows).hasSize(1 + seed % 100).isSorted().doesNotHaveDuplicates();
            assertThat(rows[0]).isNotNegative();
            assertThat(rows[rows.length - 1]).isLessThan(100);
        }
    }

    /** State says which rows were dropped by nothing but the seed. */
    @Test
    void theDrawIsTheSameInEveryRelease() {
        assertThat(CellDraw.rows(CellDraw.seed(7, "s1"), 1000, 5)).containsExactly(512, 627, 721, 734, 978);
        assertThat(CellDraw.seed(7, "s1")).isNotEqualTo(CellDraw.seed(7, "s2")).isNotEqualTo(CellDraw.seed(8, "s1"));
    }

    /** Each of 50 rows is in 10 of 50 with chance 1/5: of 5000 draws in 1000 ± 28; 6 of those allowed. */
    @Test
    void everyRowHasTheSameChance() {
        int[] counts = new int[50];
        for (int sample = 0; sample < 5000; sample++) {
            for (int row : CellDraw.rows(CellDraw.seed(1, "s" + sample), 50, 10)) {
                counts[row]++;
            }
        }
        assertThat(Arrays.stream(counts).min().orElseThrow()).isGreaterThan(830);
        assertThat(Arrays.stream(counts).max().orElseThrow()).isLessThan(1170);
    }
}
