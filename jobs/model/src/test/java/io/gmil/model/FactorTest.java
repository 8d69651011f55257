package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FactorTest {
    private static double[] difference(double[] draws, int s, double[] mean) {
        double[] result = new double[mean.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = draws[s * mean.length + i] - mean[i];
        }
        return result;
    }

    @Test
    void drawsAreAntitheticAndFixedByTheSeeds() {
        for (int width : new int[] {6, 150}) { // exact, wide
            ModelSpec spec = ModelSpec.binomial(1, width, 1);
            PosteriorSnapshot q = Bags.posterior(spec, Phase.SAMPLED, 1, 5);
            double[] draws = q.draws(3);
            double[] mean = q.mean();
            assertThat(draws).isEqualTo(q.draws(3)).isNotEqualTo(q.draws(4));
            for (int s = 0; s < 4; s++) {
                double[] plus = difference(draws, s, mean);
                double[] minus = difference(draws, s + 4, mean);
                for (int i = 0; i < plus.length; i++) {
                    assertThat(plus[i]).isCloseTo(-minus[i], within(1e-9));
                }
            }
        }
    }

    @Test
    void quadraticFormsAreVariances() {
        Random random = new Random(2);
        for (int d : new int[] {1, 3, 4, 7, 61, 301}) {
            double[] inverse = random.doubles((long) d * d, -1, 1).toArray();
            DenseFactor dense = new DenseFactor(new int[] {0, 1, 1, 1, d}, inverse);
            List<Factor> factors = new ArrayList<>(List.of(dense, WideFactor.of(dense, 1)));
            if (d <= Factor.EXACT_LIMIT) {
                factors.add(dense.packed());
            }
            for (Factor factor : factors) {
                QuadraticForm form = factor.quadraticForm();
                for (int k = 0; k < 2; k++) {
                    double[] j = random.doubles(d, -1, 1).toArray();
                    double expected = factor.variance(j);
                    assertThat(form.of(j)).isCloseTo(expected, within(1e-12 * expected));
                }
            }
        }
    }

    @Test
    void baseNoiseDoesNotDependOnThePosterior() {
        ModelSpec spec = ModelSpec.binomial(1, 3, 1);
        double[] packed = ((ExactFactor) PosteriorSnapshot.prior(spec).factor()).packed();
        double[] doubled = packed.clone();
        for (int i = 0; i < doubled.length; i++) {
            doubled[i] *= 2;
        }
        double[] mean = new double[spec.dimension()];
        double[] a = new double[8 * mean.length];
        double[] b = new double[8 * mean.length];
        Factor.exact(mean.length, packed).draws(spec, 9, mean, a);
        Factor.exact(mean.length, doubled).draws(spec, 9, mean, b);
        for (int i = 0; i < a.length; i++) {
            assertThat(b[i]).isCloseTo(2 * a[i], within(1e-12));
        }
    }

    /** Of the whole covariance, since 32 deviations say little about a single direction. */
    @Test
    void wideDeviationsHaveTheTrueCovarianceOnAverage() {
        int d = 300;
        double[] inverse = new double[d * d];
        double trace = 0;
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                inverse[i * d + j] = i == j ? 1 : Math.sin(i * j) / 20;
                trace += inverse[i * d + j] * inverse[i * d + j];
            }
        }
        WideFactor factor = WideFactor.of(new DenseFactor(new int[] {0, d}, inverse), 1);
        double estimate = 0;
        for (int i = 0; i < d; i++) {
            double[] unit = new double[d];
            unit[i] = 1;
            estimate += factor.variance(unit);
        }
        assertThat(estimate / trace).isCloseTo(1, within(0.05));
    }

    @Test
    void wideAndExactAgreeOnTheDeviations() {
        int d = 9;
        double[] inverse = new double[d * d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                inverse[i * d + j] = i == j ? 1 + i : Math.cos(i + 3 * j);
            }
        }
        double[] noise = BaseNoise.standardNormal(1, Long.MIN_VALUE, 32 * d);
        double[] draws = new double[64 * d];
        new ExactFactor(d, Triangular.pack(inverse, d)).deviate(new double[d], noise, 32, draws);
        float[] deviations =
                WideFactor.of(new DenseFactor(new int[] {0, d}, inverse), 1).deviations();
        for (int i = 0; i < deviations.length; i++) {
            assertThat(deviations[i]).isCloseTo((float) draws[i], within(1e-5f));
        }
    }

    @Test
    void refusesWrongLengths() {
        assertThatThrownBy(() -> Factor.exact(3, new double[5]))
                .hasMessage("factor of dimension 3: expected 6 values, got 5");
        assertThatThrownBy(() -> Factor.wide(3, new float[4])).isInstanceOf(IllegalArgumentException.class);
    }

    private static WideFactor numbered(int count, int d) {
        float[] deviations = new float[count * d];
        for (int i = 0; i < deviations.length; i++) {
            deviations[i] = 1 + i / d;
        }
        return new WideFactor(d, deviations);
    }

    /** Eight sets of 4 deviations; the deviation of draw s is its number here. */
    @Test
    void eachLearnerDrawsFromItsSet() {
        ModelSpec spec = ModelSpec.binomial(1, 1, 1);
        double[] mean = {10, 20, 30};
        double[] out = new double[24];
        numbered(32, 3).draws(spec, 0, mean, out);
        assertThat(out)
                .startsWith(11, 21, 31, 12, 22, 32, 13, 23, 33, 14, 24, 34, 9, 19, 29)
                .endsWith(6, 16, 26);
        numbered(32, 3).draws(spec, 8, mean, out);
        assertThat(out[0]).isEqualTo(11);
        numbered(32, 3).draws(spec, 2, mean, out);
        assertThat(out[0]).isEqualTo(19);
        numbered(32, 3).draws(spec, -1, mean, out);
        assertThat(out[9]).isEqualTo(42);
        numbered(3, 3).draws(spec, 1, mean, out); // fewer than draws: they come round
        assertThat(out).startsWith(12, 22, 32, 13, 23, 33, 11, 21, 31, 12);
        assertThat(numbered(3, 3).count()).isEqualTo(3);
        assertThat(numbered(2, 3).variance(new double[] {1, 1, 2})).isEqualTo((16 + 64) / 2.0);
    }

    @Test
    void wideFactorOfADiagonalPrecision() {
        double[] precision = {4, 100};
        double[] inverse = {0.5, 0, 0, 0.1};
        assertThat(WideFactor.ofDiagonal(precision, 3).deviations())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly(WideFactor.of(new DenseFactor(new int[] {0, 2}, inverse), 3)
                        .deviations());
    }

    /** L⁻¹ = (1 0 0; 2 3 0; 4 5 6). */
    @Test
    void exactVarianceAndDraws() {
        ExactFactor factor = new ExactFactor(3, new double[] {1, 2, 3, 4, 5, 6});
        assertThat(factor.variance(new double[] {1, -1, 2})).isEqualTo(1 + 1 + 11 * 11);
        double[] out = new double[6];
        factor.deviate(new double[] {100, 200, 300}, new double[] {1, 10, 1}, 1, out);
        assertThat(out).containsExactly(125, 235, 306, 75, 165, 294);
    }

    @Test
    void refusesEmptyFactors() {
        assertThatThrownBy(() -> Factor.exact(0, new double[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Factor.wide(0, new float[0])).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Factor.wide(3, new float[0]))
                .hasMessage("deviations of dimension 3: expected a positive multiple of it, got 0 values");
        assertThat(Factor.wide(3, new float[3]).dimension()).isEqualTo(3);
    }
}
