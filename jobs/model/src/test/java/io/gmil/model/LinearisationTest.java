package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LinearisationTest {
    @Test
    void logisticExpectations() {
        assertThat(LogisticGaussian.mean(0, 3)).isCloseTo(0.5, within(1e-12));
        assertThat(LogisticGaussian.curvature(0, 0)).isCloseTo(0.25, within(1e-12));
        assertThat(LogisticGaussian.mean(-2, 0)).isCloseTo(1 / (1 + Math.exp(2)), within(1e-12));
        assertThat(LogisticGaussian.sigmoid(-1e4)).isZero();
        // By adaptive quadrature.
        assertThat(LogisticGaussian.mean(-3, 0.5)).isCloseTo(0.05266995398111069, within(1e-14));
        assertThat(LogisticGaussian.curvature(-3, 0.5)).isCloseTo(0.049229768854325485, within(1e-14));
        assertThat(LogisticGaussian.mean(1, 2)).isCloseTo(0.6477264385258686, within(1e-5));
        assertThat(LogisticGaussian.curvature(1, 2)).isCloseTo(0.1404982368658725, within(2e-5));
    }

    /** At η = 0 without variance e₁ = y − n/2 and e₂ = n/4. */
    @Test
    void linearisedSites() {
        double[] gradient = {2, -1};
        Site site = new Linearisation(gradient, 0, 0, 3).site(2, 2);
        assertThat(site.rank()).isEqualTo(1);
        double root = Math.sqrt(0.5);
        assertThat(site.rows()).usingComparatorWithPrecision(1e-12).containsExactly(2 * root, -root);
        assertThat(site.shift()).usingComparatorWithPrecision(1e-12).containsExactly(5, -2.5); // 3/2 + 1
        assertThat(new Linearisation(gradient, 1, 1e9, 3).site(1, 2).shift())
                .as("the variance is capped at 30")
                .containsExactly(
                        new Linearisation(gradient, 1, 30, 3).site(1, 2).shift())
                .isNotEqualTo(new Linearisation(gradient, 1, 29, 3).site(1, 2).shift());
        assertThat(new Linearisation(gradient, 50, 0, 3).site(1, 1).rows()[0])
                .as("curvature of at least 0.001")
                .isCloseTo(2 * Math.sqrt(1e-3), within(1e-12));
    }

    @Test
    void severalMeansAtOnceAreThoseOfEach() {
        double[] mean = {-2, 0.3, 40, -800, 800, 699, -699, 3, -1e4};
        double[] sd = {0.5, 3, 0, 2, 2, 91, 90, 120, 1e4};
        LogisticMeans all = new LogisticMeans(mean.length, 1.5);
        all.at(sd, sd); // leaves nothing behind
        all.at(mean, sd);
        for (int i = 0; i < mean.length; i++) {
            assertThat(all.mean(i)).isCloseTo(LogisticGaussian.mean(mean[i], sd[i]), within(1e-15));
            double reach = 1.5 * sd[i];
            assertThat(all.lower(i)).isCloseTo(LogisticGaussian.sigmoid(mean[i] - reach), within(1e-15));
            assertThat(all.upper(i)).isCloseTo(LogisticGaussian.sigmoid(mean[i] + reach), within(1e-15));
        }
    }
}
