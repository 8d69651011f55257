package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
    void momentsOfThreeCells() {
        FeatureMoments moments = new FeatureMoments(2);
        assertThat(moments.sd()).as("without cells").containsOnly(1);
        moments.add(new float[] {-1, 10, -3, 10, -5, 40}, 3);
        moments.add(new float[2], 0);
        assertThat(moments.count()).isEqualTo(3);
        assertThat(moments.mean()).containsExactly(-3, 20);
        assertThat(moments.m2()).containsExactly(8, 600);
        assertThat(moments.sd()).containsExactly(Math.sqrt(8 / 3.0), Math.sqrt(200));
        FeatureMoments constant = new FeatureMoments(4, new double[] {-3, -3, 0, 0}, new double[] {0, 4e-16, 0, 4e-16});
        assertThat(constant.sd()).as("1e-8 is spread, 0 is not").containsExactly(1, 1e-8, 1, 1e-8);
        FeatureMoments rounded = new FeatureMoments(1, new double[] {-1e9}, new double[] {0.25});
        assertThat(rounded.sd()).as("half a billionth of the mean").containsExactly(1);
    }

    @Test
    void momentsRefuseWhatDoesNotFit() {
        assertThatThrownBy(() -> new FeatureMoments(-1, new double[1], new double[1]))
                .hasMessage("moments: expected a count >= 0 and as many means as m2, got count -1, 1 means, 1 m2");
        assertThatThrownBy(() -> new FeatureMoments(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FeatureMoments(1, new double[2], new double[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FeatureMoments(2).add(new FeatureMoments(3)))
                .hasMessage("moments: expected width 2, got 3");
    }

    @Test
    void scalersRefuseWhatDoesNotFit() {
        double[] one = {1};
        double[] infinite = {Double.POSITIVE_INFINITY};
        assertThatThrownBy(() -> new FeatureScaler(new double[0], new double[0]))
                .hasMessage("scaler: expected as many sd as means, got 0 means, 0 sd");
        assertThatThrownBy(() -> new FeatureScaler(new double[2], one)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FeatureScaler(infinite, one)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FeatureScaler(one, infinite)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CovariateScaler(new double[2], one))
                .hasMessage("covariates: expected as many sd as means, got 2 means, 1 sd");
        assertThatThrownBy(() -> new CovariateScaler(infinite, one)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CovariateScaler(one, infinite)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new CovariateScaler(one, new double[1]))
                .hasMessage("covariates: expected a finite mean and a positive sd, got 1.0 and 0.0 for covariate 0");
        assertThatThrownBy(() -> CovariateScaler.none().fixedEffects(one)).hasMessage("covariates: expected 0, got 1");
        assertThatThrownBy(() -> new FoldedScaler(3, FeatureScaler.identity(2)))
                .hasMessage("scaler: expected width 3 of the model, got 2");
    }

    @Test
    void covariatesOfThreeRows() {
        CovariateScaler scaler =
                CovariateScaler.of(List.of(new double[] {1, 7}, new double[] {3, 7}, new double[] {5, 7}));
        assertThat(scaler.mean()).containsExactly(3, 7);
        assertThat(scaler.sd()).containsExactly(Math.sqrt(8 / 3.0), 1);
        assertThat(scaler.fixedEffects()).isEqualTo(3);
        assertThat(CovariateScaler.none().fixedEffects()).isEqualTo(1);
    }

    /** The mean of many 0.1 is not 0.1, and their spread not 0. */
    @Test
    void aConstantIsNotScaledWhateverItsRounding() {
        for (double value : new double[] {0.1, 0.7, -1.7, 1e300}) {
            CovariateScaler scaler = CovariateScaler.of(Collections.nCopies(24, new double[] {value}));
            assertThat(scaler.fixedEffects(new double[] {value})).containsExactly(1, 0);
            assertThat(scaler.sd()).containsExactly(1);
            double[] labels = new double[24];
            Arrays.fill(labels, value);
            assertThat(LabelScale.of(labels)).isEqualTo(new LabelScale(value, 1));
        }
    }

    @Test
    void scalersKeepTheirOwnArrays() {
        double[] mean = {1, 2};
        double[] sd = {3, 4};
        FeatureScaler scaler = new FeatureScaler(mean, sd);
        CovariateScaler covariates = new CovariateScaler(mean, sd);
        mean[0] = 9;
        sd[1] = 9;
        assertThat(scaler.mean()).containsExactly(covariates.mean()).containsExactly(1, 2);
        assertThat(scaler.sd()).containsExactly(covariates.sd()).containsExactly(3, 4);
        assertThat(scaler.inverseScale())
                .usingComparatorWithPrecision(1e-15)
                .containsExactly(1 / (3 * Math.sqrt(2)), 1 / (4 * Math.sqrt(2)));
    }

    /** x'·β by folded parameters and cells less their mean; z' and g' of cells are those of the scaled cells. */
    @Test
    void foldingIsScaling() {
        FeatureScaler scaler = new FeatureScaler(new double[] {5, -2}, new double[] {2, 0.5});
        FoldedScaler folded = new FoldedScaler(2, scaler);
        double[] beta = {3, -1};
        double[][] x = {{4, -1}, {8, 0}, {5, -2.5}};
        double[] e = {0.5, 2, 1.5};
        double[] out = new double[3];
        folded.fold(new double[] {0, beta[0], beta[1]}, 1, out, 1);
        double[] weighted = new double[5];
        double u = 0;
        double[] z = new double[2];
        double[] g = new double[2];
        double[] t = new double[3];
        for (int i = 0; i < 3; i++) {
            double[] scaled = {(x[i][0] - 5) / (2 * Math.sqrt(2)), (x[i][1] + 2) / (0.5 * Math.sqrt(2))};
            t[i] = scaled[0] * beta[0] + scaled[1] * beta[1];
            double[] centred = {x[i][0] - folded.mean()[0], x[i][1] - folded.mean()[1]};
            assertThat(centred[0] * out[1] + centred[1] * out[2]).isCloseTo(t[i], within(1e-12));
            u += e[i] * t[i] / 4;
            for (int q = 0; q < 2; q++) {
                weighted[1 + q] += e[i] * centred[q];
                weighted[3 + q] += e[i] * t[i] * centred[q];
                z[q] += e[i] * scaled[q] / 4;
                g[q] += e[i] * t[i] * scaled[q] / 4;
            }
        }
        double[] row = new double[5];
        folded.statistics(weighted, 1, 3, 4, u, true, row, 1, 3);
        assertThat(row)
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(0, g[0] - u * z[0], g[1] - u * z[1], z[0], z[1]);
        folded.statistics(weighted, 1, 3, 4, u, false, row, 1, 3);
        assertThat(row).usingComparatorWithPrecision(1e-12).containsExactly(0, 0, 0, z[0], z[1]);
    }

    @Test
    void cellsCanBeTakenOutOfMomentsAgain() {
        Random random = new Random(4);
        float[] kept = Bags.cells(random, 50, 3);
        float[] gone = Bags.cells(random, 20, 3);
        FeatureMoments expected = new FeatureMoments(3);
        expected.add(kept, 50);
        FeatureMoments others = new FeatureMoments(3);
        others.add(gone, 20);
        FeatureMoments moments = new FeatureMoments(3);
        moments.add(gone, 20);
        moments.add(kept, 50);
        moments.remove(others);
        assertThat(moments.count()).isEqualTo(50);
        assertThat(moments.mean()).containsExactly(expected.mean(), within(1e-12));
        assertThat(moments.sd()).containsExactly(expected.sd(), within(1e-12));

        moments.remove(expected);
        assertThat(moments.count()).isZero();
        assertThat(moments.mean()).containsOnly(0);
        assertThat(moments.m2()).containsOnly(0);
        assertThatThrownBy(() -> moments.remove(others))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("moments: expected width 3 and at most 0 cells, got 3 and 20");
    }
}
