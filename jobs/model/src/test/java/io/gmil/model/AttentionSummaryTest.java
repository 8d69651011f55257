package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AttentionSummaryTest {
    private static final double[] W = {0.1, 0.4, 0.2, 0.05, 0.25, 9};
    private static final double[] T = {1, 2, 3, 4, 5, 9};

    /** The sixth cell is beyond the count. */
    private static BagAttention summary(AttentionRequest request) {
        return AttentionSummary.of(request, 1.5, W, T, 5);
    }

    @Test
    void figuresOfFiveCells() {
        BagAttention a = summary(AttentionRequest.top(2));
        assertThat(a.entropy()).isEqualTo(1.5);
        assertThat(1 / a.effectiveCells()).isEqualTo(0.1 * 0.1 + 0.4 * 0.4 + 0.2 * 0.2 + 0.05 * 0.05 + 0.25 * 0.25);
        assertThat(a.weightQuantiles())
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(0.05, 0.1, 0.2, 0.25, 0.34, 0.394, 0.4); // by numpy.quantile
        assertThat(a.topIndex()).containsExactly(1, 4);
        assertThat(a.topWeight()).containsExactly(0.4, 0.25);
        assertThat(a.topContribution()).containsExactly(0.8, 1.25);
        assertThat(summary(AttentionRequest.top(0)).topIndex()).containsExactly(1, 4, 2, 0, 3);
        assertThat(summary(AttentionRequest.top(9)).topIndex()).containsExactly(1, 4, 2, 0, 3);
    }

    /** Small bags are sorted, large ones are not: the i-th smallest of n weights is i / (n − 1), in a mixed order. */
    @Test
    void quantilesOfSmallAndLargeBags() {
        for (int n : new int[] {2, 50, 128, 129, 1000}) {
            double[] w = new double[n];
            for (int i = 0; i < n; i++) {
                w[(i * 7 + 3) % n] = i / (n - 1.0); // 7 divides no n
            }
            assertThat(AttentionSummary.of(AttentionRequest.top(1), 0, w, new double[n], n)
                            .weightQuantiles())
                    .as("%d cells", n)
                    .usingComparatorWithPrecision(1e-12)
                    .containsExactly(0, 0.25, 0.5, 0.75, 0.9, 0.99, 1);
        }
        double[] one = AttentionSummary.of(AttentionRequest.top(1), 0, new double[] {1}, new double[1], 1)
                .weightQuantiles();
        assertThat(one).containsOnly(1);
    }

    @Test
    void sumsOverCellTypes() {
        BagAttention a = summary(new AttentionRequest(1, new short[] {0, 2, 0, -1, 2}, 3));
        assertThat(a.typeCells()).containsExactly(2, 0, 2);
        assertThat(a.typeMass()).usingComparatorWithPrecision(1e-12).containsExactly(0.3, 0, 0.65);
        assertThat(a.typeContribution()).usingComparatorWithPrecision(1e-12).containsExactly(0.1 + 0.6, 0, 0.8 + 1.25);
        assertThat(summary(new AttentionRequest(1, new short[] {-1, -1, -1, -1, -1}, 0))
                        .typeMass())
                .isEmpty();
    }

    @Test
    void refusesCellTypesThatDoNotFit() {
        assertThatThrownBy(() -> summary(new AttentionRequest(1, new short[4], 3)))
                .hasMessage("cell types: expected 5 codes, got 4");
        assertThatThrownBy(() -> summary(new AttentionRequest(1, new short[] {0, 0, 3, 0, 0}, 3)))
                .hasMessage("cell type of cell 2: expected -1 to 2, got 3");
        assertThatThrownBy(() -> summary(new AttentionRequest(1, new short[] {-2, 0, 0, 0, 0}, 3)))
                .hasMessage("cell type of cell 0: expected -1 to 2, got -2");
        assertThatThrownBy(() -> new AttentionRequest(-1, null, 0))
                .hasMessage("attention: expected topK and cellTypes >= 0, got -1 and 0");
        assertThatThrownBy(() -> new AttentionRequest(0, null, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    /** Many ties, every k: as a full sort has it. */
    @Test
    void largestWeightsAreThoseOfASort() {
        Random random = new Random(2);
        int n = 40;
        double[] weights = random.ints(n, 0, 12).asDoubleStream().toArray();
        int[] sorted = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -weights[i]).thenComparing(i -> i))
                .mapToInt(i -> i)
                .toArray();
        for (int k = 0; k <= n; k++) {
            assertThat(LargestWeights.indices(weights, n, k)).containsExactly(Arrays.copyOf(sorted, k));
        }
    }
}
