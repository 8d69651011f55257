package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SiteSumTest {
    private static final int D = 3;

    private final SiteSum sum = new SiteSum(D, new EjmlAlgebra());

    private static void assertLower(double[] actual, double[] expected) {
        for (int i = 0; i < D; i++) {
            for (int j = 0; j <= i; j++) {
                assertThat(actual[i * D + j]).isCloseTo(expected[i * D + j], within(1e-10));
            }
        }
    }

    @Test
    void addsAndRemovesSites() {
        sum.add(new Site(2, new double[] {1, 2, 3, 0, 1, -1}, new double[] {1, 2, 3}), 1);
        sum.add(new Site(1, new double[] {2, 0, 0}, new double[] {5, 0, 0}), -1);
        assertLower(sum.precision(), new double[] {-3, 0, 0, 2, 5, 0, 3, 5, 10});
        assertThat(sum.shift()).containsExactly(-4, 2, 3);
        assertThatThrownBy(() -> sum.add(new Site(1, new double[2], new double[2]), 1))
                .hasMessage("site: expected dimension 3, got 2");
    }

    @Test
    void addsWeightedRows() {
        double[] values = {9, 1, 2, 3, 9};
        sum.add(values, 1, 4);
        assertLower(sum.precision(), new double[] {4, 0, 0, 8, 16, 0, 12, 24, 36});
        sum.add(values, 1, -3);
        assertLower(sum.precision(), new double[] {1, 0, 0, 2, 4, 0, 3, 6, 9});
        sum.add(values, 1, 0);
        assertLower(sum.precision(), new double[] {1, 0, 0, 2, 4, 0, 3, 6, 9});
    }

    /** More rows than the buffer holds, some products native and some not. */
    @Test
    void addsManyRows() {
        for (int rows : new int[] {127, 128, 256, 257, 600}) {
            SiteSum bySite = new SiteSum(D, new EjmlAlgebra());
            SiteSum byRow = new SiteSum(D, new EjmlAlgebra());
            double[] expected = new double[D * D];
            Random random = new Random(rows);
            for (int k = 0; k < rows; k++) {
                double[] x = random.doubles(D, -1, 1).toArray();
                bySite.add(new Site(1, x, x), 1);
                byRow.add(x, 0, 1);
                for (int i = 0; i < D * D; i++) {
                    expected[i] += x[i / D] * x[i % D];
                }
            }
            assertLower(bySite.precision(), expected);
            assertLower(byRow.precision(), expected);
        }
    }

    @Test
    void clearForgetsWhatIsBuffered() {
        sum.add(new Site(1, new double[] {1, 1, 1}, new double[] {1, 1, 1}), 1);
        sum.precision();
        sum.add(new Site(1, new double[] {1, 1, 1}, new double[] {1, 1, 1}), 1);
        sum.clear();
        assertThat(sum.precision()).containsOnly(0);
        assertThat(sum.shift()).containsOnly(0);
    }
}
