package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
            @ForAll @IntRange(max = 6) int farOff,
            @ForAll int seed) {
        Random random = new Random(seed);
        ModelSpec spec = ModelSpec.binomial(1, width, 1);
        float mean = farOff == 0 ? 0 : (float) Math.pow(10, farOff);
        FeatureScaler near = Bags.scaler(width);
        FeatureScaler scaler = new FeatureScaler(
                Arrays.stream(near.mean()).map(value -> value + mean).toArray(), near.sd());
        Predictor predictor = new Predictor(spec, scaler);
        PosteriorSnapshot q = Bags.posterior(spec, phase, 2, seed);
        float[] values = Bags.cells(random, rows, width);
        for (int i = 0; i < values.length; i++) {
            values[i] += mean;
        }
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

    /** Enough of them that the native library is used; beside it each outcome is as it is alone. */
    @Property(tries = 15, seed = SEED)
    void blocksLeavePredictionsOfManyOutcomesToTheBit(
            @ForAll @IntRange(min = 1, max = 3000) int rows,
            @ForAll @IntRange(min = 1, max = 40) int width,
            @ForAll @IntRange(min = 1, max = 700) int blockRows,
            @ForAll int seed) {
        Random random = new Random(seed);
        ModelSpec spec = ModelSpec.binomial(1, width, 1);
        List<ModelSpec> specs = Collections.nCopies(6, spec);
        PosteriorSnapshot[][] q = new PosteriorSnapshot[specs.size()][1];
        Arrays.setAll(q, o -> new PosteriorSnapshot[] {Bags.posterior(spec, Phase.SAMPLED, 2, seed + o)});
        float[] values = Bags.cells(random, rows, width);
        Cells cells = Cells.of(values, rows, width);
        Predictor used = new Predictor(specs, Bags.scaler(width));
        used.predict(Bags.bag(random, 1 + random.nextInt(50), width).cells(), new double[] {1}, q, null);
        AttentionRequest request = AttentionRequest.top(3);
        BagPrediction[][] a = used.predict(cells, new double[] {1}, q, request);
        BagPrediction[][] b = new Predictor(specs, Bags.scaler(width))
                .predict(Bags.inBlocks(values, rows, width, blockRows), new double[] {1}, q, request);
        assertThat(Arrays.asList(b)).usingRecursiveComparison().isEqualTo(Arrays.asList(a));
        BagPrediction alone =
                new Predictor(spec, Bags.scaler(width)).predict(cells, new double[] {1}, q[5][0], request);
        assertThat(a[5][0].etaMean()).isCloseTo(alone.etaMean(), within(1e-12 * (1 + Math.abs(alone.etaMean()))));
        assertThat(a[5][0].etaSd()).isCloseTo(alone.etaSd(), within(1e-12 * (1 + alone.etaSd())));
        assertThat(a[5][0].attention().entropy()).isCloseTo(alone.attention().entropy(), within(1e-12));
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

    /** Two outcomes, one of three classes, each with two heads. */
    private static List<ModelSpec> several(int width) {
        ModelSpec.Shape shape = new ModelSpec.Shape(width, 1, 0, 2);
        return List.of(ModelSpec.of(new Categorical(3), shape), ModelSpec.of(new Normal(), shape));
    }

    private static PosteriorSnapshot[][] posteriors(List<ModelSpec> specs, int seed) {
        PosteriorSnapshot[][] q = new PosteriorSnapshot[specs.size()][];
        for (int o = 0; o < q.length; o++) {
            q[o] = new PosteriorSnapshot[specs.get(o).likelihood().components()];
            for (int c = 0; c < q[o].length; c++) {
                q[o][c] = Bags.posterior(specs.get(o), Phase.SAMPLED, 1, seed + 10L * o + c);
            }
        }
        return q;
    }

    @Property(tries = 25, seed = SEED)
    void permutationOfCellsLeavesEveryHeadClassAndOutcome(
            @ForAll @IntRange(min = 1, max = 2000) int rows,
            @ForAll @IntRange(min = 1, max = 6) int width,
            @ForAll int seed) {
        Random random = new Random(seed);
        List<ModelSpec> specs = several(width);
        PosteriorSnapshot[][] q = posteriors(specs, seed);
        float[] values = Bags.cells(random, rows, width);
        Predictor predictor = new Predictor(specs, Bags.scaler(width));
        double[] f = {1};
        BagPrediction[][] a = predictor.predict(Cells.of(values, rows, width), f, q, null);
        BagPrediction[][] b =
                predictor.predict(Cells.of(shuffled(random, values, rows, width), rows, width), f, q, null);
        for (int o = 0; o < a.length; o++) {
            for (int c = 0; c < a[o].length; c++) {
                BagPrediction first = a[o][c];
                assertThat(b[o][c].etaMean())
                        .isCloseTo(first.etaMean(), within(1e-12 * (1 + Math.abs(first.etaMean()))));
                assertThat(b[o][c].etaSd()).isCloseTo(first.etaSd(), within(1e-12 * (1 + first.etaSd())));
                assertThat(b[o][c].probability())
                        .isCloseTo(first.probability(), within(1e-12 * (1 + Math.abs(first.probability()))));
            }
        }
    }

    @Property(tries = 25, seed = SEED)
    void aBagAmongOthersIsPredictedAsAloneToTheBit(
            @ForAll @IntRange(min = 1, max = 6) int others,
            @ForAll @IntRange(min = 1, max = 20) int width,
            @ForAll int seed) {
        Random random = new Random(seed);
        List<ModelSpec> specs = several(width);
        PosteriorSnapshot[][] q = posteriors(specs, seed);
        double[] f = {1};
        Cells own = Bags.bag(random, 1 + random.nextInt(2000), width).cells();
        Predictor busy = new Predictor(specs, Bags.scaler(width));
        for (int i = 0; i < others; i++) {
            busy.predict(Bags.bag(random, 1 + random.nextInt(500), width).cells(), f, q, AttentionRequest.top(2));
        }
        BagPrediction[][] among = busy.predict(own, f, q, AttentionRequest.top(2));
        BagPrediction[][] alone = new Predictor(specs, Bags.scaler(width)).predict(own, f, q, AttentionRequest.top(2));
        assertThat(List.of(among)).usingRecursiveComparison().isEqualTo(List.of(alone));
    }

    private static void assertClose(double[] actual, double[] expected) {
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]) / (1 + Math.abs(expected[i])));
        }
        assertThat(worst).isLessThan(1e-10);
    }
}
