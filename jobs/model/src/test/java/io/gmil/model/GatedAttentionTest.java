package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GatedAttentionTest {
    private static final int WIDTH = 4;

    /** One cell in ten or so is marked by its first feature, and only its second tells the outcome. */
    private static List<LabelledBag> planted(int count, long seed) {
        Random random = new Random(seed);
        List<LabelledBag> bags = new ArrayList<>();
        for (int b = 0; b < count; b++) {
            int rows = 8 + random.nextInt(8);
            int y = b % 2;
            float[] cells = new float[rows * WIDTH];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = (float) random.nextGaussian();
            }
            int marked = random.nextInt(rows) * WIDTH;
            cells[marked] += 6;
            cells[marked + 1] = (float) (random.nextGaussian() * 0.5 + (y == 1 ? 2 : -2));
            bags.add(new LabelledBag(Cells.of(cells, rows, WIDTH), new double[] {1}, y, 1));
        }
        return bags;
    }

    private static FeatureScaler scaler(List<LabelledBag> bags) {
        FeatureMoments moments = new FeatureMoments(WIDTH);
        bags.forEach(bag -> bag.cells().forEachBlock(moments::add));
        return FeatureScaler.of(moments);
    }

    private static double[] probabilities(GatedAttention network, List<LabelledBag> bags) {
        return bags.stream()
                .mapToDouble(bag -> network.probability(bag.cells(), bag.fixedEffects()))
                .toArray();
    }

    private static double auc(double[] scores, List<LabelledBag> bags) {
        return Scores.auc(scores, bags.stream().mapToDouble(LabelledBag::y).toArray());
    }

    @Test
    void learnsAPlantedSignalThatMeanPoolingHardlySees() {
        List<LabelledBag> training = planted(240, 1);
        List<LabelledBag> test = planted(200, 2);
        FeatureScaler scaler = scaler(training);

        double attended = auc(probabilities(GatedAttention.fit(training, scaler, 0), test), test);

        PosteriorSnapshot pooled = GmilFit.passes(10, 0)
                .withoutAttention()
                .fit(training, ModelSpec.binomial(1, WIDTH, 1), scaler)
                .snapshot(0, 0);
        Predictor predictor = new Predictor(ModelSpec.binomial(1, WIDTH, 1), scaler);
        double mean = auc(
                test.stream()
                        .mapToDouble(bag -> predictor
                                .predict(bag.cells(), bag.fixedEffects(), pooled)
                                .etaMean())
                        .toArray(),
                test);
        assertThat(attended).isGreaterThan(0.95).isGreaterThan(mean + 0.1);
    }

    @Test
    void theSameSeedGivesTheSameNetwork() {
        List<LabelledBag> bags = planted(40, 3);
        FeatureScaler scaler = scaler(bags);
        double[] first = probabilities(GatedAttention.fit(bags, scaler, 7), bags);

        assertThat(probabilities(GatedAttention.fit(bags, scaler, 7), bags)).containsExactly(first);
        assertThat(probabilities(GatedAttention.fit(bags, scaler, 8), bags)).isNotEqualTo(first);
    }

    private static GatedAttentionWeights weights(int fixedEffects) {
        Random random = new Random(6);
        GatedAttentionWeights weights = GatedAttentionWeights.initial(WIDTH, 6, fixedEffects, 1);
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

    /** A bag's place in a minibatch, and how its cells are cut into blocks, change nothing. */
    @Test
    void trainingAndPredictionAgree() {
        List<LabelledBag> bags = ragged();
        FeatureScaler scaler = Bags.scaler(WIDTH);
        GatedAttentionWeights weights = weights(2);
        double[] eta = new GatedAttentionBatch(bags, scaler, weights).eta();

        GatedAttention network = new GatedAttention(scaler, weights);
        for (int b = 0; b < bags.size(); b++) {
            LabelledBag bag = bags.get(b);
            assertThat(eta[b]).isNotZero();
            assertThat(network.eta(bag.cells(), bag.fixedEffects())).isCloseTo(eta[b], within(1e-12));
            float[] values = new float[bag.cells().count() * WIDTH];
            bag.cells().forEachBlock((block, rows) -> System.arraycopy(block, 0, values, 0, rows * WIDTH));
            Cells cut = Bags.inBlocks(values, bag.cells().count(), WIDTH, 2);
            assertThat(network.eta(cut, bag.fixedEffects())).isCloseTo(eta[b], within(1e-12));
        }
    }

    @Test
    void theGradientIsThatOfTheLoss() {
        List<LabelledBag> bags = ragged();
        FeatureScaler scaler = Bags.scaler(WIDTH);
        GatedAttentionWeights weights = weights(2);
        GatedAttentionWeights gradient = new GatedAttentionBatch(bags, scaler, weights).gradient();
        double step = 1e-5;

        for (int a = 0; a < weights.arrays().size(); a++) {
            double[] theta = weights.arrays().get(a);
            for (int i = 0; i < theta.length; i++) {
                double at = theta[i];
                theta[i] = at + step;
                double above = new GatedAttentionBatch(bags, scaler, weights).loss();
                theta[i] = at - step;
                double below = new GatedAttentionBatch(bags, scaler, weights).loss();
                theta[i] = at;
                assertThat(gradient.arrays().get(a)[i])
                        .as("array %d, element %d", a, i)
                        .isCloseTo((above - below) / (2 * step), within(1e-9));
            }
        }
    }
}
