package io.gmil.cli.experiments;

import io.gmil.cohort.CellColumn;
import io.gmil.cohort.CellRun;
import io.gmil.cohort.SimulatedCohort;
import io.gmil.cohort.SimulationOptions;
import io.gmil.model.Cells;
import io.gmil.model.FeatureMoments;
import io.gmil.model.FeatureScaler;
import io.gmil.model.LabelledBag;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A simulated cohort in memory, with all outcomes of its bags and what is true of them. */
final class SimulatedBags {

    /** Successes that a simulated label counts. */
    static final int TRIALS = 2;

    private static final double[] INTERCEPT = {1};

    private final SimulationOptions options;
    private final float[][] values;
    private final double[][] labels;
    private final double[][] effects;
    private final double[][] testWeights;
    private final int width;
    private final FeatureScaler scaler;

    SimulatedBags(SimulationOptions options, Distortion distortion) throws IOException {
        this.options = options;
        int bags = options.bags() + options.testBags();
        this.values = new float[bags][options.cells() * options.dim()];
        this.labels = new double[options.outcomes()][bags];
        this.effects = new double[options.outcomes()][bags];
        this.testWeights = new double[options.outcomes()][options.testBags() * options.cells()];
        try (SimulatedCohort cohort = new SimulatedCohort(options)) {
            for (int bag = 0; bag < bags; bag++) {
                labels[0][bag] = cohort.samples().get(bag).label().orElseThrow();
                effects[0][bag] = cohort.samples().get(bag).trueEffect().orElseThrow();
            }
            Map<String, CellColumn> columns =
                    cohort.furtherColumns().stream().collect(Collectors.toMap(CellColumn::name, Function.identity()));
            cohort.scan(run -> take(run, columns));
        }
        for (int bag = 0; bag < bags; bag++) {
            values[bag] = distortion.of(values[bag], options.dim(), learnt(bag), options.seed() * 1_000_003 + bag);
        }
        this.width = values[0].length / options.cells();
        FeatureMoments moments = new FeatureMoments(width);
        for (int bag = 0; bag < options.bags(); bag++) {
            moments.add(values[bag], options.cells());
        }
        this.scaler = FeatureScaler.of(moments);
    }

    private boolean learnt(int bag) {
        return bag < options.bags();
    }

    private void take(CellRun run, Map<String, CellColumn> columns) {
        int bag = run.sample();
        System.arraycopy(run.values(), 0, values[bag], run.firstCell() * options.dim(), run.rows() * options.dim());
        for (int outcome = 0; outcome < labels.length; outcome++) {
            String number = "_" + (outcome + 1);
            if (outcome > 0) {
                labels[outcome][bag] = columns.get("label" + number).value().of(run, 0);
                effects[outcome][bag] = columns.get("u_true" + number).value().of(run, 0);
            }
            if (!learnt(bag)) {
                int at = (bag - options.bags()) * options.cells() + run.firstCell();
                for (int row = 0; row < run.rows(); row++) {
                    testWeights[outcome][at + row] = outcome == 0
                            ? run.trueWeights()[row]
                            : columns.get("w_true" + number).value().of(run, row);
                }
            }
        }
    }

    SimulationOptions options() {
        return options;
    }

    /** Q' of the embeddings that models see. */
    int width() {
        return width;
    }

    /** Fitted to the training bags. */
    FeatureScaler scaler() {
        return scaler;
    }

    /** The bags to be learnt with their labels of one outcome. */
    List<LabelledBag> training(int outcome) {
        return IntStream.range(0, options.bags())
                .mapToObj(bag -> new LabelledBag(cells(bag), INTERCEPT, labels[outcome][bag], TRIALS))
                .toList();
    }

    private Cells cells(int bag) {
        return Cells.of(values[bag], options.cells(), width);
    }

    /** The cells of a test bag, from 0. */
    Cells test(int index) {
        return cells(options.bags() + index);
    }

    /** Successes of the test bags. */
    double[] testLabels(int outcome) {
        return test(labels[outcome]);
    }

    /** u of the test bags. */
    double[] testEffects(int outcome) {
        return test(effects[outcome]);
    }

    private double[] test(double[] ofAll) {
        return Arrays.copyOfRange(ofAll, options.bags(), ofAll.length);
    }

    /** True attention weights of the cells of all test bags. */
    double[] testWeights(int outcome) {
        return testWeights[outcome];
    }
}
