package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A bag is a set: neither the order of its cells, nor its blocks, nor other bags matter. */
class CellOrderPropertyTest {
    private static final String SEED = "20231104";

    private static float[] shuffled(Random random, float[] values, int rows, int width) {
        float[] result = values.clone();
        float[] row = new float[width];
        for (int i = rows - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            System.arraycopy(result, i * width, row, 0, width);
            System.arraycopy(result, j * width, result, i * width, width);
            System.arraycopy(row, 0, result, j * width, width);
        }
        return result;
    }

    @Property(tries = 40, seed = SEED)
    void permutationOfCellsLeavesPrediction(
            @ForAll @IntRange(min = 1, max = 3000) int rows,
            @ForAll @IntRange(min = 1, max = 9) int width,
            @ForAll Phase phase,
            @ForAll int seed) {
        Random random = new Random(seed);
        ModelSpec spec = ModelSpec.binomial(1, width, 1);
        Predictor predictor = new Predictor(spec, Bags.scaler(width));
        PosteriorSnapshot q = Bags.posterior(spec, phase, 2, seed);
        float[] values = Bags.cells(random, rows, width);
        BagPrediction a = predictor.predict(Cells.of(values, rows, width), new double[] {1}, q);
        BagPrediction b =
                predictor.predict(Cells.of(shuffled(random, values, rows, width), rows, width), new double[] {1}, q);
        assertThat(b.etaMean()).isCloseTo(a.etaMean(), within(1e-12 * (1 + Math.abs(a.etaMean()))));
        assertThat(b.etaSd()).isCloseTo(a.etaSd(), within(1e-12 * (1 + a.etaSd())));
        assertThat(b.probability()).isCloseTo(a.probability(), within(1e-12));
    }

    @Property(tries = 40, seed = SEED)
    void blocksAndNeighboursLeavePredictionToTheBit(
            @ForAll @IntRange(min = 1, max = 3000) int rows,
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 700) int blockRows,
            @ForAll int seed) {
        Random random = new Random(seed);
        ModelSpec spec = ModelSpec.binomial(1, width, 1);
        PosteriorSnapshot q = Bags.posterior(spec, Phase.SAMPLED, 2, seed);
        float[] values = Bags.cells(random, rows, width);
        Predictor used = new Predictor(spec, Bags.scaler(width));
        used.predict(Bags.bag(random, 1 + random.nextInt(50), width).cells(), new double[] {1}, q);
        BagPrediction a = used.predict(Cells.of(values, rows, width), new double[] {1}, q, AttentionRequest.top(3));
        BagPrediction b = new Predictor(spec, Bags.scaler(width))
                .predict(Bags.inBlocks(values, rows, width, blockRows), new double[] {1}, q, AttentionRequest.top(3));
        assertThat(b).usingRecursiveComparison().isEqualTo(a);
    }

    @Property(tries = 25, seed = SEED)
    void stackedBagsHaveTheSitesTheyHaveAlone(
            @ForAll @IntRange(min = 1, max = 12) int bags,
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll Phase phase,
            @ForAll int seed) {
        Random random = new Random(seed);
        ModelSpec spec = ModelSpec.binomial(1, width, 2);
        FeatureScaler scaler = Bags.scaler(width);
        PosteriorSnapshot q = Bags.posterior(spec, phase, 0.5, seed);
        List<LabelledBag> minibatch = new ArrayList<>();
        for (int i = 0; i < bags; i++) { // some larger than a tile
            minibatch.add(Bags.bag(random, 1 + random.nextInt(random.nextInt(4) == 0 ? 3000 : 60), width));
        }
        Site[] together = new SiteEngine(spec, scaler, new Nd4jAlgebra()).sites(minibatch, q, 7);
        SiteEngine alone = new SiteEngine(spec, scaler, new EjmlAlgebra());
        for (int i = 0; i < bags; i++) {
            Site site = alone.sites(List.of(minibatch.get(i)), q, 7)[0];
            assertThat(together[i].rank()).isEqualTo(site.rank());
            assertClose(together[i].rows(), site.rows());
            assertClose(together[i].shift(), site.shift());
        }
    }

    private static void assertClose(double[] actual, double[] expected) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]) / (1 + Math.abs(expected[i])));
        }
        assertThat(worst).isLessThan(1e-10);
    }
}
