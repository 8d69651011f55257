package io.gmil.bench;

import io.gmil.cohort.Sample;
import io.gmil.cohort.SimulatedCohort;
import io.gmil.cohort.SimulationOptions;
import io.gmil.model.Cells;
import io.gmil.model.FeatureMoments;
import io.gmil.model.FeatureScaler;
import io.gmil.model.GmilFit;
import io.gmil.model.Label;
import io.gmil.model.LabelledBag;
import io.gmil.model.ModelSpec;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.ReferenceBag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A simulated cohort held in memory, as the benchmarks take it.
 *
 * @param training bags to learn
 * @param test bags to predict
 * @param effects true u of the test bags
 * @param scaler of the training bags
 * @param spec Binomial(2), intercept only
 */
@SuppressWarnings("ArrayRecordComponent") // an argument, never compared
record BenchCohort(
        List<LabelledBag> training, List<LabelledBag> test, double[] effects, FeatureScaler scaler, ModelSpec spec) {
    private static final int TRIALS = 2;
    private static final double[] INTERCEPT = {1};

    /** The paper's simulation: 1000 and 200 bags of 50 cells with 30 features. */
    static BenchCohort paper(long seed) {
        return of(SimulationOptions.paper(seed));
    }

    /**
     * A few bags by the same law, enough for a posterior of this width.
     *
     * @param shape of every bag, as cells x width, for example {@code 50x30}
     */
    static BenchCohort small(String shape) {
        return small(shape, 1);
    }

    /** @param testBags as many beside them */
    static BenchCohort small(String shape, int testBags) {
        int cross = shape.indexOf('x');
        int cells = Integer.parseInt(shape.substring(0, cross));
        int width = Integer.parseInt(shape.substring(cross + 1));
        return of(new SimulationOptions(32, testBags, cells, width, 0.5, 0.8, -1, 42));
    }

    static BenchCohort of(SimulationOptions options) {
        int width = options.dim();
        try (SimulatedCohort cohort = new SimulatedCohort(options)) {
            float[][] cells = new float[cohort.samples().size()][options.cells() * width];
            cohort.scan(run -> System.arraycopy(
                    run.values(), 0, cells[run.sample()], run.firstCell() * width, run.rows() * width));
            FeatureMoments moments = new FeatureMoments(width);
            List<LabelledBag> bags = new ArrayList<>();
            for (int n = 0; n < cells.length; n++) {
                Sample sample = cohort.samples().get(n);
                bags.add(new LabelledBag(
                        Cells.of(cells[n], options.cells(), width),
                        INTERCEPT,
                        sample.label().orElseThrow(),
                        TRIALS));
                if (n < options.bags()) {
                    moments.add(cells[n], options.cells());
                }
            }
            double[] effects = cohort.samples().stream()
                    .skip(options.bags())
                    .mapToDouble(sample -> sample.trueEffect().orElseThrow())
                    .toArray();
            return new BenchCohort(
                    bags.subList(0, options.bags()),
                    bags.subList(options.bags(), bags.size()),
                    effects,
                    FeatureScaler.of(moments),
                    ModelSpec.binomial(TRIALS, width, INTERCEPT.length));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A posterior of these bags, for benchmarks that need any. */
    PosteriorSnapshot posterior() {
        return GmilFit.passes(5, 0).fit(training, spec, scaler).snapshot(0, 1);
    }

    /** The training bags with so many outcomes: the first is their own, the others are drawn. */
    List<LabelledBag> training(int outcomes) {
        Random random = new Random(1);
        return training.stream()
                .map(bag -> {
                    Label[] labels = new Label[outcomes];
                    Arrays.setAll(labels, o -> new Label(random.nextInt(TRIALS + 1), TRIALS));
                    labels[0] = bag.labels()[0];
                    return new LabelledBag(bag.cells(), bag.fixedEffects(), labels);
                })
                .toList();
    }

    /** The specs of so many outcomes. */
    List<ModelSpec> specs(int outcomes) {
        return Collections.nCopies(outcomes, spec);
    }

    /** The same bags for the reference mode. */
    List<ReferenceBag> reference(List<LabelledBag> bags) {
        return bags.stream().map(bag -> ReferenceBag.of(bag, scaler)).toList();
    }
}
