package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScalerTest {
    @Test
    void momentsOfPartsAreThoseOfTheWhole() {
        int width = 7;
        float[] values = Bags.cells(new Random(1), 1000, width);
        for (int i = 0; i < values.length; i += width) {
            values[i] = 1e6f + i % 3;
            values[i + 1] = 0.1f; // constant
        }
        FeatureMoments whole = new FeatureMoments(width);
        whole.add(values, 1000);
        FeatureMoments parts = new FeatureMoments(width);
        parts.add(values, 1);
        FeatureMoments rest = new FeatureMoments(width);
        rest.add(Arrays.copyOfRange(values, width, 400 * width), 399);
        rest.add(Arrays.copyOfRange(values, 400 * width, 1000 * width), 600);
        parts.add(rest);
        parts.add(new FeatureMoments(width));
        FeatureMoments copy = new FeatureMoments(parts.count(), parts.mean(), parts.m2());
        assertThat(copy.count()).isEqualTo(1000);
        for (int q = 0; q < width; q++) {
            assertThat(copy.mean()[q]).isCloseTo(whole.mean()[q], within(1e-12 * Math.abs(whole.mean()[q])));
            assertThat(copy.sd()[q]).isCloseTo(whole.sd()[q], within(1e-9));
        }
        assertThat(whole.sd()[0]).isCloseTo(Math.sqrt(2.0 / 3), within(1e-3));
        assertThat(copy.sd()[1]).isEqualTo(1);
    }

    @Test
    void identityLeavesFeatures() {
        assertThat(FeatureScaler.identity(9).inverseScale())
                .usingComparatorWithPrecision(1e-15)
                .containsOnly(1.0);
    }

    @Test
    void covariatesAreStandardisedTheInterceptIsNot() {
        CovariateScaler scaler = new CovariateScaler(new double[] {50, 0}, new double[] {10, 1});
        assertThat(scaler.fixedEffects(new double[] {70, -1})).containsExactly(1, 2, -1);
        assertThat(CovariateScaler.none().fixedEffects(new double[0])).containsExactly(1);
        assertThatThrownBy(() -> scaler.fixedEffects(new double[] {Double.NaN, 0}))
                .hasMessage("covariate 0: expected a finite value, got NaN");
    }

    @Test
    void refusesNonsense() {
        assertThatThrownBy(() -> new FeatureScaler(new double[1], new double[1]))
                .hasMessage("scaler: expected a finite mean and a positive sd, got 0.0 and 0.0 for feature 0");
        assertThatThrownBy(() -> ModelSpec.binomial(1, 3, 1).withDamping(1.5))
                .hasMessage("model damping: expected in (0, 1], got 1.5");
        assertThatThrownBy(() -> new LabelledBag(Cells.of(new float[1], 1, 1), new double[1], 3, 2))
                .hasMessage("label: expected 0 to 2 (at least 1) successes, got 3.0");
    }

    @Test
    void logisticExpectations() {
        assertThat(LogisticGaussian.mean(0, 3)).isCloseTo(0.5, within(1e-12));
        assertThat(LogisticGaussian.curvature(0, 0)).isCloseTo(0.25, within(1e-12));
        assertThat(LogisticGaussian.mean(-2, 0)).isCloseTo(1 / (1 + Math.exp(2)), within(1e-12));
        assertThat(LogisticGaussian.sigmoid(-1e4)).isZero();
    }
}
