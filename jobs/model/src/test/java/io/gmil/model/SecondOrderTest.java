package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecondOrderTest {
    private static final int WIDTH = 3;
    private static final int OUTCOMES = 8;
    private static final double STEP = 1e-5;

    private final ModelSpec spec = ModelSpec.binomial(2, WIDTH, 2);
    private final int d = spec.dimension();
    private final FeatureScaler scaler = new FeatureScaler(new double[] {100, -3, 0.5}, new double[] {2, 0.7, 1});
    private final Random random = new Random(5);
    private final List<LabelledBag> bags = List.of(bag(7, 2), bag(4, 0), bag(1, 1));

    private LabelledBag bag(int cells, double y) {
        float[] values = new float[cells * WIDTH];
        for (int i = 0; i < values.length; i++) {
            int q = i % WIDTH;
            values[i] = (float) (scaler.mean()[q] + 3 * scaler.sd()[q] * random.nextGaussian());
        }
        return new LabelledBag(Cells.of(values, cells, WIDTH), new double[] {1, random.nextGaussian()}, y, 2);
    }

    private double[] draws(int count) {
        return random.doubles((long) count * d, -1.5, 1.5).toArray();
    }

    /** The gradient of η at θ. */
    private Linearisation at(LabelledBag bag, double[] theta) {
        PosteriorSnapshot prior = PosteriorSnapshot.prior(spec);
        PosteriorSnapshot q =
                new PosteriorSnapshot(spec, 0, 1, Phase.LINEARISED, 1, 0, prior.variances(), theta, prior.factor());
        return new Predictor(spec, scaler)
                .predict(bag.cells(), bag.fixedEffects(), q)
                .linearisation();
    }

    private double[] curvature(List<LabelledBag> of, Draws draws) {
        return SecondOrder.curvature(of, List.of(new SecondOrder.Outcome(0, List.of(draws), 1)), scaler)[0][0];
    }

    @Test
    void isTheScoreTimesTheSecondDerivativesOfEta() {
        double[] theta = draws(2);
        double[] expected = new double[d * d];
        for (int s = 0; s < 2; s++) {
            for (LabelledBag bag : bags) {
                double[] draw = Arrays.copyOfRange(theta, s * d, (s + 1) * d);
                double eta = at(bag, draw).etaMean();
                double score = bag.y() - bag.trials() / (1 + Math.exp(-eta));
                for (int j = 0; j < d; j++) {
                    double[] up = draw.clone();
                    double[] down = draw.clone();
                    up[j] += STEP;
                    down[j] -= STEP;
                    double[] above = at(bag, up).gradient();
                    double[] below = at(bag, down).gradient();
                    for (int i = 0; i < d; i++) {
                        expected[i * d + j] += score * (above[i] - below[i]) / (2 * STEP) / 2;
                    }
                }
            }
        }
        double[] curvature = curvature(bags, new Draws(spec, theta, 2));
        for (int i = 0; i < d * d; i++) {
            assertThat(curvature[i]).as("entry %d", i).isCloseTo(expected[i], within(1e-7));
        }
    }

    /** Some bags lack a label, and the large one makes the outcomes be visited in several groups. */
    @Test
    void ofSeveralOutcomesIsThatOfEach() {
        List<LabelledBag> several = new ArrayList<>();
        for (int cells : new int[] {6, 1, 20_000, 9}) {
            LabelledBag bag = bag(cells, 1);
            Label[] labels = new Label[OUTCOMES];
            Arrays.setAll(labels, o -> (o + cells) % 3 == 0 ? null : new Label(o % 3, 2));
            several.add(new LabelledBag(bag.cells(), bag.fixedEffects(), labels));
        }
        List<SecondOrder.Outcome> outcomes = new ArrayList<>();
        for (int o = 0; o < OUTCOMES; o++) {
            outcomes.add(new SecondOrder.Outcome(o, List.of(new Draws(spec, draws(16), 16)), 1 + o));
        }
        double[][][] together = SecondOrder.curvature(several, outcomes, scaler);
        for (int o = 0; o < OUTCOMES; o++) {
            double[] alone = SecondOrder.curvature(several, outcomes.subList(o, o + 1), scaler)[0][0];
            assertThat(together[o][0]).usingComparatorWithPrecision(1e-9).containsExactly(alone);
            assertThat(Arrays.stream(alone).map(Math::abs).max().orElseThrow())
                    .as("outcome %d", o)
                    .isGreaterThan(0.01);
        }
    }

    @Test
    void oneCellHasNoCurvature() {
        double[] curvature = curvature(List.of(bag(1, 2)), new Draws(spec, draws(3), 3));
        for (double value : curvature) {
            assertThat(value).isCloseTo(0, within(1e-12));
        }
    }

    /** A bag too large to weigh all pairs at a time, down to a pair alone and a last part that is smaller. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2 * 40 * 5, 2 * 40 * 24, 2 * 40 * 47})
    void inPartsIsTheSame(int mostWeights) {
        ModelSpec heads = ModelSpec.of(new Categorical(3), new ModelSpec.Shape(WIDTH, 2, 0, 2));
        List<LabelledBag> labelled = new ArrayList<>();
        for (int cells : new int[] {40, 3, 17}) {
            LabelledBag bag = bag(cells, 1);
            labelled.add(new LabelledBag(
                    bag.cells(), bag.fixedEffects(), cells == 3 ? null : Label.of(cells % 3), new Label(1, 2)));
        }
        List<Draws> classes = new ArrayList<>();
        for (int c = 0; c < 3; c++) {
            double[] theta = random.doubles(8L * heads.dimension(), -1.5, 1.5).toArray();
            classes.add(new Draws(heads, theta, 8));
        }
        List<SecondOrder.Outcome> outcomes = List.of(
                new SecondOrder.Outcome(0, classes, 1),
                new SecondOrder.Outcome(1, List.of(new Draws(spec, draws(16), 16)), 1));
        double[][][] whole = SecondOrder.curvature(labelled, outcomes, scaler);
        double[][][] parts = SecondOrder.curvature(labelled, outcomes, scaler, mostWeights);
        for (int o = 0; o < whole.length; o++) {
            for (int c = 0; c < whole[o].length; c++) {
                double size = Arrays.stream(whole[o][c]).map(Math::abs).max().orElseThrow();
                assertThat(parts[o][c])
                        .usingComparatorWithPrecision(1e-12 * size)
                        .containsExactly(whole[o][c]);
            }
        }
    }
}
