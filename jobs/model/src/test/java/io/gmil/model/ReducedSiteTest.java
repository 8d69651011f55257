package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ReducedSiteTest {
    private static final int D = 20;

    private final Site site =
            new Site(8, BaseNoise.standardNormal(0, 0, 8 * D), BaseNoise.standardNormal(0, 1, D), 0.5);
    private final double[] mean = BaseNoise.standardNormal(0, 2, D);

    /** xᵀHx. */
    private static double curvature(Site of, double[] x) {
        double sum = 0;
        for (int k = 0; k < of.rank(); k++) {
            double dot = Triangular.dot(of.rows(), k * D, x, 0, D);
            sum += dot * dot;
        }
        return sum;
    }

    private static double[] gradient(Site of, double[] mean) {
        double[] gradient = of.shift().clone();
        for (int k = 0; k < of.rank(); k++) {
            Triangular.axpy(-Triangular.dot(of.rows(), k * D, mean, 0, D), of.rows(), k * D, gradient, 0, D);
        }
        return gradient;
    }

    @Test
    void keepsTheGradientAtTheMean() {
        Site reduced = ReducedSite.of(site, 3, mean);
        assertThat(reduced.rank()).isEqualTo(3);
        assertThat(reduced.residual()).isEqualTo(0.5);
        assertThat(gradient(reduced, mean)).usingComparatorWithPrecision(1e-10).containsExactly(gradient(site, mean));
    }

    @Test
    void leavesOutTheLeastCurvature() {
        Site reduced = ReducedSite.of(site, 3, mean);
        double kept = 0;
        for (int k = 0; k < 3; k++) {
            double[] row = Arrays.copyOfRange(reduced.rows(), k * D, (k + 1) * D);
            assertThat(curvature(site, row)).isCloseTo(curvature(reduced, row), within(1e-8));
            kept += Triangular.dot(row, 0, row, 0, D);
        }
        double all = Triangular.dot(site.rows(), 0, site.rows(), 0, 8 * D);
        assertThat(kept).isGreaterThan(all * 3 / 8).isLessThan(all);
        double[] x = BaseNoise.standardNormal(0, 3, D);
        assertThat(curvature(reduced, x)).isLessThan(curvature(site, x));
    }

    @Test
    void aSiteOfFewRowsStaysAsItIs() {
        assertThat(ReducedSite.of(site, 8, mean)).isSameAs(site);
    }
}
