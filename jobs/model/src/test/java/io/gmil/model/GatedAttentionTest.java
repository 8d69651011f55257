package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GatedAttentionTest {
    static final int WIDTH = 4;

    /** One cell in ten or so is marked by its first feature, and only its second tells the outcome. */
    static List<LabelledBag> planted(int count, long seed) {
        return planted(count, 2, seed);
    }

    /** The same of three classes. */
    static List<LabelledBag> classes(int count, long seed) {
        return planted(count, 3, seed);
    }

    private static List<LabelledBag> planted(int count, int classes, long seed) {
        Random random = new Random(seed);
        List<LabelledBag> bags = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            int rows = 8 + random.nextInt(8);
            int y = b % classes;
            float[] cells = new float[rows * WIDTH];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = (float) random.nextGaussian();
            }
            int marked = random.nextInt(rows) * WIDTH;
            cells[marked] += 6;
            cells[marked + 1] = (float) (random.nextGaussian() * 0.5 + 4.0 * y / (classes - 1) - 2);
            bags.add(new LabelledBag(Cells.of(cells, rows, WIDTH), new double[] {1}, Label.of(y)));
        }
        return bags;
    }

    static FeatureScaler scaler(List<LabelledBag> bags) {
        FeatureMoments moments = new FeatureMoments(WIDTH);
        bags.forEach(bag -> bag.cells().forEachBlock(moments::add));
        return FeatureScaler.of(moments);
    }

    static double[] probabilities(GatedAttention network, List<LabelledBag> bags) {
        return bags.stream()
                .mapToDouble(bag -> network.mean(bag.cells(), bag.fixedEffects())[0])
                .toArray();
    }

    /** Patients of one bag each. */
    static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /** A small network of a few passes. */
    private static GatedAttention fitted(List<LabelledBag> bags, double learningRate, int epochs, long seed) {
        return new GatedAttentionFit(6, learningRate, 1e-3, 32, epochs, 20, 0.2, seed)
                .fit(bags, names(bags.size()), new Binomial(1), scaler(bags));
    }

    @Test
    void theSameSeedGivesTheSameNetwork() {
        List<LabelledBag> bags = planted(40, 3);
        double[] first = probabilities(fitted(bags, 2e-2, 3, 7), bags);

        assertThat(probabilities(fitted(bags, 2e-2, 3, 7), bags)).containsExactly(first);
        assertThat(probabilities(fitted(bags, 2e-2, 3, 8), bags)).isNotEqualTo(first);
    }

    @Test
    void withoutABetterEpochTheNetworkAtTheStartRemains() {
        List<LabelledBag> bags = planted(12, 6);
        assertThat(probabilities(fitted(bags, 1e-2, 0, 1), bags)).containsOnly(0.5);
        assertThat(probabilities(fitted(bags, 1e4, 3, 1), bags)).containsOnly(0.5);
    }

    /** Cells that say nothing: the intercept goes towards the logit of 7 in 8. */
    @Test
    void aFewPassesFindTheShareOfSuccesses() {
        List<LabelledBag> bags = new ArrayList<>();
        for (int b = 0; b < 16; b++) {
            bags.add(new LabelledBag(Cells.of(new float[WIDTH], 1, WIDTH), new double[] {1}, b % 4 == 0 ? 1 : 2, 2));
        }
        assertThat(Arrays.stream(probabilities(fitted(bags, 0.3, 5, 1), bags))).allMatch(p -> p > 0.75 && p < 0.92);
        assertThat(Arrays.stream(probabilities(fitted(bags.subList(0, 4), 0.3, 2, 1), bags)))
                .allMatch(p -> p > 0.55);
        assertThatThrownBy(() -> fitted(bags.subList(0, 3), 0.3, 5, 1))
                .hasMessage("gated attention: expected bags of at least 4 patients, got 3");
    }

    /** tanh is ±1 at these cells and the other gate ½ and ¾, so that e is log 3 and −1.5 log 3 of cells 1 and −2. */
    @Test
    void attendsAsItsWeightsSay() {
        double log3 = Math.log(3);
        GatedAttentionWeights weights = new GatedAttentionWeights(
                new double[] {100, -log3 / 3},
                new double[] {0, log3 / 3},
                new double[] {2 * log3},
                new double[] {2},
                new double[] {0.5, -1});
        FeatureScaler scaler = new FeatureScaler(new double[] {10}, new double[] {4});
        GatedAttention network = new GatedAttention(scaler, weights, new Binomial(1));
        double[] f = {1, 3};
        double first = 1;
        double second = Math.pow(3, -2.5);
        double z = (first - 2 * second) / (first + second);
        double eta = 0.5 - 3 + 2 * z;
        assertThat(network.eta(Cells.of(new float[] {14, 2}, 2, 1), f)[0]).isCloseTo(eta, within(1e-12));
        assertThat(network.eta(Cells.of(new float[] {2, 14}, 2, 1), f)[0]).isCloseTo(eta, within(1e-12));
        assertThat(network.mean(Cells.of(new float[] {2, 14}, 2, 1), f)[0])
                .isCloseTo(1 / (1 + Math.exp(-eta)), within(1e-12));
        assertThatThrownBy(() -> network.eta(Cells.of(new float[2], 1, 2), f))
                .hasMessage("bag: expected width 1 and 2 fixed effects, got 2 and 2");
        assertThatThrownBy(() -> network.eta(Cells.of(new float[1], 1, 1), new double[1]))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> network.eta(Cells.of(new float[0], 0, 1), f))
                .hasMessage("bag: expected at least 1 cell of finite values");
    }

    @Test
    void startsAtGlorotsVariancesAndACoin() {
        GatedAttentionWeights initial = GatedAttentionWeights.initial(30, 50, 2, 3, 1);
        assertThat(initial.hidden()).isEqualTo(50);
        assertThat(initial.width()).isEqualTo(30);
        assertThat(initial.components()).isEqualTo(3);
        assertThat(initial.fixedEffects()).isEqualTo(2);
        assertThat(initial.gates()).hasSize(30 * 100);
        double meanSquare = Triangular.dot(initial.gates(), 0, initial.gates(), 0, 3000) / 3000;
        assertThat(meanSquare).isCloseTo(2.0 / 80, within(2e-3));
        double attention = Triangular.dot(initial.attention(), 0, initial.attention(), 0, 50) / 50;
        assertThat(attention).isCloseTo(2.0 / 51, within(0.015));
        assertThat(initial.gateOffsets()).hasSize(100).containsOnly(0);
        assertThat(initial.beta()).hasSize(90).containsOnly(0);
        assertThat(initial.alpha()).hasSize(6).containsOnly(0);
    }

    private static GatedAttentionWeights weights(Likelihood likelihood) {
        Random random = new Random(6);
        GatedAttentionWeights weights = GatedAttentionWeights.initial(WIDTH, 6, 2, likelihood.components(), 1);
        weights.arrays().forEach(array -> {
            for (int i = 0; i < array.length; i++) {
                array[i] += 0.3 * random.nextGaussian();
            }
        });
        return weights;
    }

    private static List<LabelledBag> ragged() {
        Random random = new Random(5);
        List<LabelledBag> bags = new ArrayList<>();
        for (int rows : new int[] {1, 5, 17}) {
            bags.add(Bags.bag(random, rows, WIDTH));
        }
        return bags;
    }

    static Stream<Likelihood> likelihoods() {
        return Stream.of(new Binomial(1), new Categorical(3), new Normal());
    }

    /** A bag's place in a minibatch, and how its cells are cut into blocks, change nothing. */
    @ParameterizedTest
    @MethodSource("likelihoods")
    void trainingAndPredictionAgree(Likelihood likelihood) {
        List<LabelledBag> bags = ragged();
        FeatureScaler scaler = Bags.scaler(WIDTH);
        GatedAttentionWeights weights = weights(likelihood);
        GatedAttentionBatch batch = new GatedAttentionBatch(bags, likelihood, scaler, weights);

        GatedAttention network = new GatedAttention(scaler, weights, likelihood);
        for (int b = 0; b < bags.size(); b++) {
            LabelledBag bag = bags.get(b);
            double[] eta = batch.eta(b);
            assertThat(eta).hasSize(likelihood.components()).doesNotHaveDuplicates();
            assertThat(network.eta(bag.cells(), bag.fixedEffects())).containsExactly(eta, within(1e-12));
            float[] values = new float[bag.cells().count() * WIDTH];
            bag.cells().forEachBlock((block, rows) -> System.arraycopy(block, 0, values, 0, rows * WIDTH));
            Cells cut = Bags.inBlocks(values, bag.cells().count(), WIDTH, 2);
            assertThat(network.eta(cut, bag.fixedEffects())).containsExactly(eta, within(1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("likelihoods")
    void theGradientIsThatOfTheLoss(Likelihood likelihood) {
        List<LabelledBag> bags = ragged();
        FeatureScaler scaler = Bags.scaler(WIDTH);
        GatedAttentionWeights weights = weights(likelihood);
        GatedAttentionWeights gradient = new GatedAttentionBatch(bags, likelihood, scaler, weights).gradient();
        double step = 1e-5;

        for (int a = 0; a < weights.arrays().size(); a++) {
            double[] theta = weights.arrays().get(a);
            for (int i = 0; i < theta.length; i++) {
                double at = theta[i];
                theta[i] = at + step;
                double above = new GatedAttentionBatch(bags, likelihood, scaler, weights).loss();
                theta[i] = at - step;
                double below = new GatedAttentionBatch(bags, likelihood, scaler, weights).loss();
                theta[i] = at;
                assertThat(gradient.arrays().get(a)[i])
                        .as("array %d, element %d", a, i)
                        .isCloseTo((above - below) / (2 * step), within(1e-9));
            }
        }
    }
}
