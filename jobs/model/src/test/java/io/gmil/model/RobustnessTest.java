package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cohorts as they should not be: everything stays finite, and where nothing can be learnt nothing is claimed. */
class RobustnessTest {
    private static final int WIDTH = 3;
    private static final GmilFit FIT = GmilFit.passes(10, 4);

    /** Of one outcome: what a fit says of its own bags. */
    private static final class Fitted {
        final List<OutcomePosterior> posteriors;
        final List<BagPrediction[][]> predictions = new ArrayList<>();

        Fitted(List<LabelledBag> bags, Likelihood... outcomes) {
            int width = bags.get(0).cells().width();
            ModelSpec.Shape shape = new ModelSpec.Shape(width, bags.get(0).fixedEffects().length, 0, 1);
            List<ModelSpec> specs = Arrays.stream(outcomes)
                    .map(each -> ModelSpec.of(each, shape))
                    .toList();
            FeatureMoments moments = new FeatureMoments(width);
            for (LabelledBag bag : bags) {
                bag.cells().forEachBlock(moments::add);
            }
            FeatureScaler scaler = FeatureScaler.of(moments);
            posteriors = FIT.fit(bags, specs, scaler);
            PosteriorSnapshot[][] q =
                    posteriors.stream().map(each -> each.exactSnapshots(0, 0)).toArray(PosteriorSnapshot[][]::new);
            Predictor predictor = new Predictor(specs, scaler);
            for (LabelledBag bag : bags) {
                predictions.add(predictor.predict(bag.cells(), bag.fixedEffects(), q, AttentionRequest.top(1)));
            }
            assertFinite();
            for (LeftOut[] leftOut : LeaveOneOut.of(posteriors, bags, scaler, 1)) {
                for (LeftOut each : leftOut) {
                    if (each != null) {
                        each.predictions().forEach(Fitted::assertFinite);
                        assertThat(each.influence()).isFinite();
                        assertThat(each.leverage()).isFinite();
                    }
                }
            }
        }

        private void assertFinite() {
            for (OutcomePosterior outcome : posteriors) {
                for (Posterior each : outcome.posteriors()) {
                    assertThat(Arrays.stream(each.mean).allMatch(Double::isFinite))
                            .isTrue();
                    assertThat(Arrays.stream(each.factor.traces()).allMatch(Double::isFinite))
                            .isTrue();
                }
            }
            for (BagPrediction[][] outcomes : predictions) {
                for (BagPrediction[] classes : outcomes) {
                    Arrays.stream(classes).forEach(Fitted::assertFinite);
                }
            }
        }

        static void assertFinite(BagPrediction p) {
            double[] figures = {p.etaMean(), p.etaSd(), p.fixedEffect(), p.randomEffect(), p.probability()};
            assertThat(Arrays.stream(figures).allMatch(Double::isFinite))
                    .as(p.toString())
                    .isTrue();
            assertThat(p.etaSd()).isPositive();
            assertThat(p.lower()).isLessThanOrEqualTo(p.upper());
            assertThat(p.attention() == null || p.attention().effectiveCells() > 1 - 1e-9)
                    .isTrue();
        }

        double probability(int bag) {
            return predictions.get(bag)[0][0].probability();
        }

        double[] probabilities() {
            return predictions.stream().mapToDouble(p -> p[0][0].probability()).toArray();
        }

        Posterior posterior() {
            return posteriors.get(0).posteriors().get(0);
        }
    }

    private static float[] normal(Random random, int rows, int width) {
        float[] values = new float[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static LabelledBag bag(float[] values, int width, Label... labels) {
        return new LabelledBag(Cells.of(values, values.length / width, width), new double[] {1}, labels);
    }

    /** Bags of 8 cells that have nothing to do with their labels. */
    private static List<LabelledBag> noise(int n, IntFunction<Label[]> labels) {
        Random random = new Random(n);
        List<LabelledBag> bags = new ArrayList<>();
        for (int b = 0; b < n; b++) {
            bags.add(bag(normal(random, 8, WIDTH), WIDTH, labels.apply(b)));
        }
        return bags;
    }

    private static Label[] one(double y) {
        return new Label[] {Label.of(y)};
    }

    private static List<LabelledBag> centred(IntFunction<float[]> cells, int n) {
        List<LabelledBag> bags = new ArrayList<>();
        for (int b = 0; b < n; b++) {
            float[] values = cells.apply(b);
            bags.add(bag(values, WIDTH, Label.of(b % 2)));
        }
        return bags;
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "0, 3", "3, 3"})
    void oneClassOnly(int y, int trials) {
        Fitted fitted = new Fitted(noise(40, b -> new Label[] {new Label(y, trials)}), new Binomial(trials));
        for (double p : fitted.probabilities()) {
            double ofOther = y == 0 ? p : 1 - p;
            assertThat(ofOther).isBetween(1e-6, 0.1);
        }
        BagPrediction first = fitted.predictions.get(0)[0][0];
        assertThat(first.upper() - first.lower()).isPositive();
        assertThat(Math.abs(first.etaMean())).isLessThan(20);
    }

    @Test
    void ofOneBagAlmostNothingIsLearnt() {
        BagPrediction only =
                new Fitted(noise(1, b -> one(1)), new Binomial(1)).predictions.get(0)[0][0];
        assertThat(only.probability()).isBetween(0.5, 0.999);
        assertThat(only.lower()).isLessThan(0.5);
        assertThat(only.upper()).isGreaterThan(0.99);
    }

    @Test
    void constantFeaturesSayNothing() {
        Random random = new Random(1);
        List<LabelledBag> bags = centred(b -> new float[] {5, 0, -3e6f, 5, 0, -3e6f}, 40);
        Fitted constant = new Fitted(bags, new Binomial(1));
        for (double p : constant.probabilities()) {
            assertThat(p).isCloseTo(0.5, within(0.02));
        }
        List<LabelledBag> one = centred(
                b -> {
                    float[] values = normal(random, 6, WIDTH);
                    for (int i = 0; i < values.length; i += WIDTH) {
                        values[i] += b % 2 == 0 ? -1 : 1;
                        values[i + 1] = 1e6f / 3;
                    }
                    return values;
                },
                40);
        Fitted learnt = new Fitted(one, new Binomial(1));
        assertThat(learnt.probability(1)).isGreaterThan(0.6);
        assertThat(learnt.posterior().mean[2 + WIDTH])
                .as("β of the constant feature")
                .isCloseTo(0, within(1e-6));
    }

    @Test
    void identicalBagsHaveTheBaseRate() {
        float[] values = normal(new Random(2), 10, WIDTH);
        List<LabelledBag> bags = new ArrayList<>();
        for (int b = 0; b < 40; b++) {
            bags.add(bag(values, WIDTH, Label.of(b < 12 ? 1 : 0)));
        }
        Fitted fitted = new Fitted(bags, new Binomial(1));
        BagPrediction first = fitted.predictions.get(0)[0][0];
        assertThat(first.probability()).isCloseTo(0.3, within(0.03));
        assertThat(first.lower()).isLessThan(0.22);
        assertThat(first.upper()).isGreaterThan(0.38);
        assertThat(Arrays.stream(fitted.probabilities()).distinct()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"1, 2000", "3, 20000"})
    void smallBagsAmongLargeOnes(int small, int large) {
        Random random = new Random(3);
        List<LabelledBag> bags = centred(
                b -> {
                    float[] values = normal(random, b % 10 == 9 ? large : small, WIDTH);
                    for (int i = 0; i < values.length; i += WIDTH) {
                        values[i] += b % 2 == 0 ? -2 : 2;
                    }
                    return values;
                },
                20);
        Fitted fitted = new Fitted(bags, new Binomial(1));
        for (int b = 0; b < 20; b++) {
            if (b % 10 == 9) { // that of many cells shows its class without noise
                assertThat(fitted.probability(b)).isGreaterThan(0.6);
            }
        }
        assertThat(Arrays.stream(fitted.probabilities()).max().orElseThrow()).isLessThan(1);
    }

    @ParameterizedTest
    @CsvSource({"1e-30", "1e8", "1e30"})
    void theUnitOfAFeatureDoesNotMatter(float unit) {
        Random random = new Random(5);
        List<LabelledBag> plain = new ArrayList<>();
        List<LabelledBag> scaled = new ArrayList<>();
        for (int b = 0; b < 30; b++) {
            float[] values = normal(random, 8, WIDTH);
            values[0] += b % 2;
            plain.add(bag(values.clone(), WIDTH, Label.of(b % 2)));
            for (int i = 0; i < values.length; i += WIDTH) {
                values[i] *= unit;
            }
            scaled.add(bag(values, WIDTH, Label.of(b % 2)));
        }
        double[] expected = new Fitted(plain, new Binomial(1)).probabilities();
        double[] actual = new Fitted(scaled, new Binomial(1)).probabilities();
        for (int b = 0; b < 30; b++) {
            assertThat(actual[b]).isCloseTo(expected[b], within(1e-4));
        }
    }

    /** Values that the scaler has not seen: logits of ±1e3 and far beyond. */
    @Test
    void valuesFarOutsideTheScalerStayFinite() {
        Random random = new Random(6);
        List<LabelledBag> bags = new ArrayList<>(noise(20, b -> one(b % 2)));
        float[] wild = normal(random, 8, WIDTH);
        for (int i = 0; i < wild.length; i++) {
            wild[i] *= 1e4f;
        }
        bags.add(bag(wild, WIDTH, Label.of(1)));
        FeatureScaler scaler = FeatureScaler.identity(WIDTH);
        for (Likelihood likelihood : List.of(new Binomial(1), new Categorical(2), new Normal())) {
            ModelSpec spec = ModelSpec.of(likelihood, new ModelSpec.Shape(WIDTH, 1, 0, 1));
            OutcomePosterior q = FIT.fit(bags, List.of(spec), scaler).get(0);
            Predictor predictor = new Predictor(spec, scaler);
            for (LabelledBag bag : bags) {
                PosteriorSnapshot[][] snapshots = {q.exactSnapshots(0, 0)};
                for (BagPrediction each : predictor.predict(bag.cells(), bag.fixedEffects(), snapshots, null)[0]) {
                    Fitted.assertFinite(each);
                }
            }
        }
    }

    @Test
    void aSeparableCohortKeepsItsWeightsFinite() {
        List<LabelledBag> bags = centred(
                b -> {
                    float[] values = new float[5 * WIDTH];
                    Arrays.fill(values, b % 2 == 0 ? -1 - b : 1 + b);
                    return values;
                },
                30);
        Fitted fitted = new Fitted(bags, new Binomial(1));
        for (int b = 0; b < 30; b++) {
            assertThat(fitted.probability(b)).isBetween(b % 2 == 0 ? 0.0 : 0.5, b % 2 == 0 ? 0.5 : 1 - 1e-12);
        }
        assertThat(Arrays.stream(fitted.posterior().mean).map(Math::abs).max().orElseThrow())
                .isLessThan(100);
    }

    @Test
    void moreFeaturesThanBags() {
        Random random = new Random(7);
        List<LabelledBag> bags = new ArrayList<>();
        for (int b = 0; b < 12; b++) {
            bags.add(bag(normal(random, 6, 60), 60, Label.of(b % 3 == 0 ? 1 : 0)));
        }
        Fitted fitted = new Fitted(bags, new Binomial(1));
        double mean = Arrays.stream(fitted.probabilities()).average().orElseThrow();
        assertThat(mean).isCloseTo(1 / 3.0, within(0.12));
        assertThat(fitted.predictions.get(0)[0][0].etaSd()).isGreaterThan(0.3);
    }

    @Test
    void trialsMayDifferFromBagToBag() {
        List<LabelledBag> bags =
                noise(30, b -> new Label[] {new Label(b % 3 == 0 ? 1 : b % 3 * 20, b % 3 == 0 ? 2 : 100)});
        Fitted fitted = new Fitted(bags, new Binomial(7));
        double mean = Arrays.stream(fitted.probabilities()).average().orElseThrow();
        assertThat(mean).isCloseTo(0.3, within(0.06)); // (20 + 40) / 200, the two trials of others hardly count
    }

    @Test
    void aClassWithoutABagIsUnlikely() {
        Fitted fitted = new Fitted(noise(40, b -> one(b % 2 * 2)), new Categorical(4));
        for (BagPrediction[][] p : fitted.predictions) {
            assertThat(Arrays.stream(p[0])
                            .mapToDouble(BagPrediction::probability)
                            .sum())
                    .isCloseTo(1, within(1e-9));
            assertThat(p[0][1].probability()).isBetween(1e-6, 0.1);
            assertThat(p[0][3].probability()).isBetween(1e-6, 0.1);
            assertThat(p[0][0].probability()).isBetween(0.1, 0.9);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "-3"})
    void aConstantNumberIsPredicted(double y) {
        Fitted fitted = new Fitted(noise(40, b -> one(y)), new Normal());
        for (BagPrediction[][] p : fitted.predictions) {
            assertThat(p[0][0].etaMean()).isCloseTo(y, within(0.05 * (1 + Math.abs(y))));
        }
        assertThat(fitted.posterior().variances().noise()).isBetween(1e-12, 2.0);
    }

    @Test
    void labelsMayBeMissingWhereverTheyAre() {
        List<LabelledBag> bags = noise(30, b -> new Label[] {
            b % 3 == 0 ? null : Label.of(b % 2),
            b % 3 == 0 ? Label.of(b % 4) : null,
            null,
            b == 7 ? Label.of(2.5) : null
        });
        Fitted fitted = new Fitted(bags, new Binomial(1), new Categorical(4), new Binomial(1), new Normal());
        assertThat(fitted.posteriors.stream()
                        .mapToInt(each -> each.posteriors().get(0).labelledBags()))
                .containsExactly(20, 10, 0, 1);
        for (BagPrediction[][] p : fitted.predictions) {
            assertThat(p[2][0].probability()).as("without any label").isCloseTo(0.5, within(1e-9));
            assertThat(p[2][0].etaSd()).isGreaterThan(5);
        }
    }

    @Test
    void impossibleLabelsAreRefused() {
        Label[] impossible = {Label.of(4), Label.of(-1), Label.of(0.5), new Label(1, 2)};
        for (Label label : impossible) {
            List<LabelledBag> bags = noise(2, b -> new Label[] {label});
            assertThatThrownBy(() -> new Fitted(bags, new Categorical(4)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected the index of a class, 0 to 3");
        }
        assertThatThrownBy(() -> Label.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
