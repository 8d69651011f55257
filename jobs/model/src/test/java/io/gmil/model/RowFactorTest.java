package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** S by rows against S as D × D values, with random intercepts and noise so that every block differs. */
class RowFactorTest {
    private static final int[] BLOCKS = {0, 2, 5, 9, 13};
    private static final int D = 13;
    private static final int M = 7;
    private static final double NOISE = 0.6;

    private final double[] prior = {0.01, 4, 2, 0.1};
    private final RowFactor rows;
    private final DenseFactor dense;

    RowFactorTest() {
        SiteRows sites = new SiteRows(BLOCKS);
        SiteSum sum = new SiteSum(BLOCKS, new EjmlAlgebra());
        double[] precision = new double[D];
        for (int b = 0; b < prior.length; b++) {
            Arrays.fill(precision, BLOCKS[b], BLOCKS[b + 1], prior[b]);
        }
        for (int n = 0; n < M; n++) {
            Site site = new Site(1, BaseNoise.standardNormal(1, n, D), new double[D]);
            sites.add(site, 1);
            sum.add(site, 1);
        }
        rows = (RowFactor) sites.precision(precision, NOISE).covariance(true);
        dense = (DenseFactor) sum.precision(precision, NOISE).covariance(true);
    }

    private static double[] unit(int length, int at) {
        double[] unit = new double[length];
        unit[at] = 1;
        return unit;
    }

    @Test
    void variancesAreThoseOfTheWholeMatrix() {
        for (int k = 0; k < 5; k++) {
            double[] jacobian = BaseNoise.standardNormal(2, k, D);
            assertThat(rows.variance(jacobian)).isCloseTo(dense.variance(jacobian), within(1e-10));
        }
    }

    @Test
    void tracesAndDeterminantAreThoseOfTheWholeMatrix() {
        assertThat(rows.traces()).usingComparatorWithPrecision(1e-10).containsExactly(dense.traces());
        assertThat(rows.logDeterminant()).isCloseTo(dense.logDeterminant(), within(1e-10));
        RowFactor later = new RowFactor(BLOCKS, prior, NOISE, rows.rows(), rows.cholesky(), null);
        assertThat(later.traces()).usingComparatorWithPrecision(1e-12).containsExactly(rows.traces());
    }

    /** Deviations are linear in the base noise, δ = T ε, so T Tᵀ is their covariance, exactly. */
    @Test
    void deviationsHaveExactlyThisCovariance() {
        double[][] columns = new double[rows.noise()][D];
        for (int k = 0; k < columns.length; k++) {
            rows.deviate(unit(columns.length, k), 1, columns[k]);
        }
        for (int i = 0; i < D; i++) {
            double[] x = unit(D, i);
            rows.times(x);
            for (int j = 0; j < D; j++) {
                double covariance = 0;
                for (double[] column : columns) {
                    covariance += column[i] * column[j];
                }
                assertThat(covariance).isCloseTo(x[j], within(1e-9));
            }
            assertThat(x[i]).isCloseTo(dense.variance(unit(D, i)), within(1e-10));
        }
    }

    @Test
    void severalDeviationsAreThoseOfEach() {
        int n = rows.noise() - D;
        double[] first = BaseNoise.standardNormal(3, 0, D + n);
        double[] second = BaseNoise.standardNormal(3, 1, D + n);
        double[] both = new double[2 * (D + n)];
        System.arraycopy(first, 0, both, 0, D);
        System.arraycopy(second, 0, both, D, D);
        System.arraycopy(first, D, both, 2 * D, n);
        System.arraycopy(second, D, both, 2 * D + n, n);
        double[] together = new double[2 * D];
        rows.deviate(both, 2, together);
        double[] alone = new double[D];
        rows.deviate(second, 1, alone);
        for (int i = 0; i < D; i++) {
            assertThat(together[D + i]).isCloseTo(alone[i], within(1e-12));
        }
    }
}
