package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The reference mode on cases small enough to be worked out by hand. */
class ReferencePartsTest {
    private static final double LOG3 = Math.log(3);

    /** Q = 1, K = 1, mean field without noise: γ, β, variances of q and of the prior. */
    private static ReferenceParameters single(double gamma, double beta, double alpha, double variance) {
        return new ReferenceParameters(
                1,
                1,
                1,
                1,
                new double[] {alpha},
                new double[] {Math.log(2)},
                new double[] {Math.log(3)},
                new double[] {gamma, beta},
                new double[2],
                new double[] {Math.log(variance), Math.log(variance)});
    }

    private static ReferenceBag bag(double y, double... cells) {
        return new ReferenceBag(cells, cells.length, new double[] {2}, new double[] {y});
    }

    /** w = (¼, ¾) in the first bag, hence r = −(¾, 0, 3/2), whose mean is −¾ and whose sd is ¾. */
    private static final List<ReferenceBag> BAGS = List.of(bag(1, 0, 1), bag(0, 0), bag(2, 1.5));

    @Test
    void effectsAreStandardisedAndScaledByB() {
        ReferenceParameters p = single(LOG3, -5, 0.25, 1);
        ReferenceModel model = ReferenceModel.of(p, BAGS);
        assertThat(model.mean()[0]).isCloseTo(-0.75, within(1e-12));
        assertThat(model.sd()[0]).isCloseTo(0.75, within(1e-12));
        assertThat(model.effects(BAGS)).usingComparatorWithPrecision(1e-12).containsExactly(0, 5, -5);
        assertThat(model.effects(BAGS.subList(2, 3)))
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(-5);
        assertThat(model.logits(BAGS)).usingComparatorWithPrecision(1e-12).containsExactly(0.5, 5.5, -4.5);
        // r = −¾ and 0: over these two the scores are ∓1/√2.
        assertThat(model.batchEffects(BAGS.subList(0, 2)))
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(-5 / Math.sqrt(2), 5 / Math.sqrt(2));
        ReferenceAttention attention = model.attention(BAGS.get(0));
        assertThat(attention.logits()).containsExactly(0, LOG3);
        assertThat(attention.weights()).usingComparatorWithPrecision(1e-15).containsExactly(0.25, 0.75);
    }

    @Test
    void logLikelihoodOfABatch() {
        ReferenceParameters p = single(LOG3, -2, 0.25, 1);
        ReferenceLogLikelihood data =
                new ReferenceLogLikelihood(ReferenceLikelihood.binomial(2), p, BAGS, ReferenceNoise.none(p));
        // l = ½ + (0, 2, −2); log C(2, 1) = log 2 for the first bag.
        double expected = Math.log(2) + Math.log(sigmoid(0.5)) + Math.log(sigmoid(-0.5));
        expected += 2 * Math.log(sigmoid(-2.5)) + 2 * Math.log(sigmoid(-1.5));
        assertThat(data.value).isCloseTo(expected / 3, within(1e-12));
        assertThat(data.effects()).usingComparatorWithPrecision(1e-12).containsExactly(0, 2, -2);
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** Outputs share nothing but the bags: each is as it is alone. */
    @Test
    void twoOutputsAreTwoModels() {
        double[] alpha = {0.3, -0.2, 0.5, 0.1}; // K × P
        double[] mu = {1, -2, 3, 1, -1, 0.5, 2, -4};
        ReferenceParameters both = meanField(2, alpha, mu);
        List<ReferenceBag> bags = List.of(
                new ReferenceBag(new double[] {1, 2, -1, 0, 3, 1}, 3, new double[] {1, 2}, new double[] {0, 1}),
                new ReferenceBag(new double[] {0, 1, 2, -2}, 2, new double[] {1, -1}, new double[] {1, 1}),
                new ReferenceBag(new double[] {4, 1}, 1, new double[] {1, 0}, new double[] {1, 0}));
        ReferenceModel model = ReferenceModel.of(both, bags);
        double[] logits = model.logits(bags);
        ReferenceAttention attention = model.attention(bags.get(0));
        for (int p = 0; p < 2; p++) {
            double[] own = {alpha[p], alpha[2 + p]};
            ReferenceModel alone = ReferenceModel.of(meanField(1, own, Arrays.copyOfRange(mu, 4 * p, 4 * p + 4)), bags);
            double[] ownLogits = alone.logits(bags);
            ReferenceAttention ownAttention = alone.attention(bags.get(0));
            for (int n = 0; n < 3; n++) {
                assertThat(logits[n * 2 + p]).isCloseTo(ownLogits[n], within(1e-12));
                assertThat(attention.logits()[n * 2 + p]).isCloseTo(ownAttention.logits()[n], within(1e-12));
                assertThat(attention.weights()[n * 2 + p])
                        .isCloseTo(ownAttention.weights()[n], within(1e-12));
            }
        }
    }

    private static ReferenceParameters meanField(int outputs, double[] alpha, double[] mu) {
        double[] none = new double[outputs];
        return new ReferenceParameters(
                2, 2, outputs, 1, alpha, none, none, mu, new double[mu.length], new double[mu.length]);
    }

    /** A bag of more cells than a tile holds has the effect of its proportions. */
    @Test
    void largeBagsTakeSeveralTiles() {
        ReferenceParameters p = single(LOG3, 1, 0, 1);
        double[] many = new double[24_000];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = 1;
        }
        ReferenceModel model = ReferenceModel.of(p, BAGS);
        assertThat(model.effects(List.of(bag(1, many)))[0]).isCloseTo(model.effects(BAGS)[0], within(1e-9));
    }

    /** β = 0 has no direction: no effect rather than NaN. */
    @Test
    void noEffectWithoutBeta() {
        ReferenceParameters p = single(LOG3, 0, 0.25, 1);
        assertThat(ReferenceModel.of(p, BAGS).logits(BAGS)).containsOnly(0.5);
    }

    /** Of every output the draws of its own μ and W, at the noise of (draw, output). */
    @Test
    void drawsAreReparametrised() {
        ReferenceParameters p = new ReferenceParameters(
                1,
                1,
                2,
                2,
                new double[2],
                new double[2],
                new double[2],
                new double[] {10, 20, 30, 40},
                new double[] {1, 0, 0, 1, 2, 1, 0, 3},
                new double[] {0, Math.log(4), 0, Math.log(9)});
        double[] factor = {1, 2, 3, 4, 5, 6, 7, 8}; // (s0 p0) (s0 p1) (s1 p0) (s1 p1)
        double[] diagonal = {0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4};
        ReferenceDraws draws = new ReferenceDraws(p, new ReferenceNoise(2, factor, diagonal));
        assertThat(draws.columns()).isEqualTo(4);
        assertThat(draws.gamma).containsExactly(10 + 1 + 0.5, 10 + 5 + 2.5, 30 + 10 + 1.5, 30 + 22 + 3.5);
        assertThat(draws.b)
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(20 + 2 + 2, 20 + 6 + 6, 40 + 12 + 6, 40 + 24 + 12);
        assertThat(draws.eta).usingComparatorWithPrecision(1e-12).containsOnly(1.0);
    }

    /** Of one dimension ½ (log σ²/s² + (s² + μ²)/σ² − 1), and of independent ones the sum. */
    @Test
    void divergenceOfIndependentComponents() {
        double attention = (Math.log(4 / 0.5) + (0.5 + 9) / 4 - 1) / 2;
        double effect = (Math.log(9 / 0.5) + (0.5 + 16) / 9 - 1) / 2;
        assertThat(new ReferenceKl(single(3, -4, 1, 0.5)).sum()).isCloseTo(attention + effect, within(1e-12));
        assertThat(new ReferenceKl(single(0, 0, 1, 4)).perOutput[0])
                .isCloseTo((Math.log(9 / 4.0) + 4 / 9.0 - 1) / 2, within(1e-12));
    }

    /** C = (2.5 1; 1 1.5): |C| = 2.75. */
    @Test
    void divergenceOfCorrelatedComponents() {
        ReferenceParameters p = new ReferenceParameters(
                1,
                1,
                1,
                2,
                new double[1],
                new double[1],
                new double[1],
                new double[2],
                new double[] {1, 1, 0, 1},
                new double[] {Math.log(0.5), Math.log(0.5)});
        assertThat(new ReferenceKl(p).sum()).isCloseTo((2.5 + 1.5 - 2 - Math.log(2.75)) / 2, within(1e-12));
        p.covLogdiag()[0] = Double.NaN;
        assertThatThrownBy(() -> new ReferenceKl(p))
                .hasMessage("posterior of output 0: expected a positive definite covariance");
    }

    @Test
    void likelihoods() {
        double[] scores = new double[2];
        double[] logits = {0, LOG3};
        double binomial = ReferenceLikelihood.binomial(2).logProbability(logits, new double[] {1, 2}, scores);
        assertThat(binomial).isCloseTo(Math.log(0.5) + 2 * Math.log(0.75), within(1e-12));
        assertThat(scores).usingComparatorWithPrecision(1e-12).containsExactly(0, 0.5);
        ReferenceLikelihood categorical = ReferenceLikelihood.categorical();
        assertThat(categorical.logProbability(logits, new double[] {0}, scores))
                .isCloseTo(Math.log(0.25), within(1e-12));
        assertThat(scores).usingComparatorWithPrecision(1e-12).containsExactly(0.75, -0.75);
        double[] one = new double[1]; // logits (−½ log 3, ½ log 3)
        assertThat(categorical.logProbability(new double[] {LOG3 / 2}, new double[] {1}, one))
                .isCloseTo(Math.log(0.75), within(1e-12));
        assertThat(one[0]).isCloseTo(0.5, within(1e-12));
        assertThat(categorical.logProbability(new double[] {LOG3 / 2}, new double[] {0}, one))
                .isCloseTo(Math.log(0.25), within(1e-12));
        assertThat(one[0]).isCloseTo(-1.5, within(1e-12));
    }

    @Test
    void extremeLogitsStayFinite() {
        assertThat(ReferenceBinomial.softplus(1e4)).isEqualTo(1e4);
        assertThat(ReferenceBinomial.softplus(-1e4)).isZero();
        assertThat(ReferenceBinomial.softplus(1)).isCloseTo(Math.log(1 + Math.E), within(1e-15));
        assertThat(ReferenceBinomial.softplus(-1)).isCloseTo(Math.log(1 + 1 / Math.E), within(1e-15));
        double[] p = {1e4, 1e4 - LOG3, -1e4};
        assertThat(ReferenceCategorical.softmax(p, p)).isCloseTo(1e4 + Math.log(4 / 3.0), within(1e-10));
        assertThat(p).usingComparatorWithPrecision(1e-10).containsExactly(0.75, 0.25, 0);
    }

    /** m̂/√v̂ is 1 after the first gradient, and (.09 − .1)/.19 after the opposite one. */
    @Test
    void stepsOfAdam() {
        double[] theta = {1, 1};
        ReferenceAdam adam = new ReferenceAdam(List.of(theta), 0.1);
        adam.step(List.of(new double[] {3, -1}));
        assertThat(theta).usingComparatorWithPrecision(1e-8).containsExactly(0.9, 1.1);
        adam.step(List.of(new double[] {-3, -1}));
        assertThat(theta).usingComparatorWithPrecision(1e-8).containsExactly(0.9 + 0.1 / 19, 1.2);
        adam.step(List.of(new double[] {0, 0}));
        double v = Math.sqrt((0.999 + 0.999 * 0.999) / (1 + 0.999 + 0.999 * 0.999));
        double m = (0.81 - 0.9) * 0.1 / (1 - 0.729);
        assertThat(theta[0]).isCloseTo(0.9 + 0.1 / 19 - 0.1 * m / v, within(1e-8));
    }

    /** Unequal curvatures, where steepest descent would crawl. */
    @Test
    void minimisesInFewEvaluations() {
        int[] evaluations = new int[1];
        double[] minimum = ReferenceMinimiser.minimise(
                (x, gradient) -> {
                    evaluations[0]++;
                    double a = 1 - x[0];
                    double b = x[1] - x[0] * x[0];
                    gradient[0] = -2 * a - 400 * x[0] * b;
                    gradient[1] = 200 * b;
                    return a * a + 100 * b * b;
                },
                new double[] {-1.2, 1},
                1e-9);
        assertThat(minimum).usingComparatorWithPrecision(1e-9).containsExactly(1, 1);
        assertThat(evaluations[0]).isBetween(20, 60);
    }

    /** Beyond the memory of pairs, and from a start where the whole first step would be far too long. */
    @Test
    void minimisesInManyDimensions() {
        int n = 60;
        int[] evaluations = new int[1];
        double[] start = new double[n];
        double[] minimum = ReferenceMinimiser.minimise(
                (x, gradient) -> {
                    evaluations[0]++;
                    double value = 0;
                    for (int i = 0; i < n; i++) {
                        double d = x[i] - i;
                        value += (i + 1) * (d * d / 2 + d * d * d * d / 4);
                        gradient[i] = (i + 1) * (d + d * d * d);
                    }
                    return value;
                },
                start,
                1e-8);
        for (int i = 0; i < n; i++) {
            assertThat(minimum[i]).isCloseTo(i, within(1e-7));
        }
        assertThat(start).containsOnly(0);
        assertThat(evaluations[0]).isLessThan(120);
    }

    @Test
    void staysAtAMinimum() {
        int[] evaluations = new int[1];
        double[] at = ReferenceMinimiser.minimise(
                (x, gradient) -> {
                    evaluations[0]++;
                    gradient[0] = x[0];
                    return x[0] * x[0] / 2;
                },
                new double[] {1e-9},
                1e-9);
        assertThat(at[0]).isEqualTo(1e-9);
        assertThat(evaluations[0]).isEqualTo(1);
    }

    @Test
    void bagsKeepTheirShape() {
        LabelledBag raw =
                new LabelledBag(Bags.inBlocks(new float[] {1, 2, 3, 4, 5, 6}, 3, 2, 2), new double[] {1}, 1, 2);
        ReferenceBag scaled = ReferenceBag.of(raw, new FeatureScaler(new double[] {1, 2}, new double[] {1, 2}));
        double root = Math.sqrt(2);
        assertThat(scaled.cells())
                .usingComparatorWithPrecision(1e-12)
                .containsExactly(0, 0, 2 / root, 1 / root, 4 / root, 2 / root);
        assertThat(scaled.width()).isEqualTo(2);
        assertThat(scaled.labels()).containsExactly(1);
        assertThatThrownBy(() -> ReferenceBag.of(raw, FeatureScaler.identity(3)))
                .hasMessage("scaler: expected width 2, got 3");
        double[] one = {1};
        assertThatThrownBy(() -> new ReferenceBag(new double[3], 2, one, one))
                .hasMessage("bag: expected rows of equal width, at least 1, got 3 values in 2");
        assertThatThrownBy(() -> new ReferenceBag(new double[0], 0, one, one))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReferenceBag(new double[0], 1, one, one))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReferenceBag(one, 1, new double[0], one))
                .hasMessage("bag: expected fixed effects and labels, at least 1 of each, got 0 and 1");
        assertThatThrownBy(() -> new ReferenceBag(one, 1, one, new double[0]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesArgumentsThatDoNotFit() {
        ReferenceParameters p = single(0, 1, 0, 1);
        double[] one = {1};
        assertThatThrownBy(() -> new ReferenceModel(p, new double[2], one))
                .hasMessage("scale: expected a mean and an sd of 1 outputs, got 2 and 1");
        assertThatThrownBy(() -> new ReferenceModel(p, one, new double[2]))
                .isInstanceOf(IllegalArgumentException.class);
        ReferenceModel model = ReferenceModel.of(p, BAGS);
        ReferenceBag twoEffects = new ReferenceBag(one, 1, new double[2], one);
        assertThatThrownBy(() -> model.effects(List.of(twoEffects)))
                .hasMessage("bag: expected cells of width 1 and 1 fixed effects, got 1 and 2");
        double[] two = new double[2];
        assertThatThrownBy(() -> new ReferenceParameters(1, 1, 1, 3, one, one, one, two, two, two))
                .hasMessage("rank: expected 1 (mean-field) or 2, got 3");
        assertThatThrownBy(() -> new ReferenceParameters(1, 1, 1, 1, one, one, one, two, one, two))
                .hasMessage("covFactor: expected 2 values, got 1");
        ReferenceLikelihood binomial = ReferenceLikelihood.binomial(1);
        assertThatThrownBy(() -> new ReferenceFit(binomial, false, -1, 1, 1, 1, 0))
                .hasMessageContaining("got -1, 1, 1, 1.0");
        assertThatThrownBy(() -> new ReferenceFit(binomial, false, 0, 0, 1, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReferenceFit(binomial, false, 0, 1, 0, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ReferenceFit(binomial, false, 0, 1, 1, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
