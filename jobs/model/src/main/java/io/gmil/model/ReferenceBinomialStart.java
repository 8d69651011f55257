package io.gmil.model;

import java.util.List;

/**
 * The authors' start for binomial outcomes: a {@link ReferenceMixedModel} of the bag means, one per output. A bag of two
 * trials enters twice, with labels (0, 0), (1, 0) or (1, 1).
 */
final class ReferenceBinomialStart {
    private final List<ReferenceBag> bags;
    private final int trials;

    /** Bag means, repeated for each trial (rows × Q). */
    private final double[][] features;

    private final double[][] fixedEffects;

    private ReferenceBinomialStart(List<ReferenceBag> bags, int trials) {
        this.bags = bags;
        this.trials = trials;
        this.features = repeat(centred(ReferenceStart.bagMeans(bags)));
        this.fixedEffects = repeat(ReferenceStart.fixedEffects(bags));
    }

    static ReferenceStart of(List<ReferenceBag> bags, int trials) {
        return new ReferenceBinomialStart(bags, trials).start();
    }

    private double[][] repeat(double[][] rows) {
        double[][] repeated = new double[rows.length * trials][];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = rows[i / trials];
        }
        return repeated;
    }

    /** Centres the columns and divides by the Gower factor, which makes the total variance 1. */
    private static double[][] centred(double[][] rows) {
        int width = rows[0].length;
        double squares = 0;
        for (int q = 0; q < width; q++) {
            double mean = 0;
            for (double[] row : rows) {
                mean += row[q] / rows.length;
            }
            for (double[] row : rows) {
                row[q] -= mean;
                squares += row[q] * row[q];
            }
        }
        double factor = Math.sqrt(squares / (rows.length - 1));
        if (!(factor > 0)) {
            throw new IllegalArgumentException(
                    "start: expected bags whose means differ, got " + rows.length + " bags without spread");
        }
        for (double[] row : rows) {
            for (int q = 0; q < width; q++) {
                row[q] /= factor;
            }
        }
        return rows;
    }

    private ReferenceStart start() {
        int outputs = bags.get(0).labels().length;
        int width = features[0].length;
        int effects = fixedEffects[0].length;
        double[] muZ = new double[outputs * width];
        double[] sdZ = new double[outputs * width];
        double[] varZ = new double[outputs];
        double[] alpha = new double[effects * outputs];
        for (int p = 0; p < outputs; p++) {
            var fit = ReferenceMixedModel.fit(fixedEffects, features, labels(p));
            double scale = scale(fit.mean());
            for (int q = 0; q < width; q++) {
                double mu = scale * fit.mean()[q];
                double sd = scale * fit.sd()[q];
                muZ[p * width + q] = mu;
                sdZ[p * width + q] = sd;
                varZ[p] += (mu * mu + sd * sd) / width;
            }
            for (int k = 0; k < effects; k++) {
                alpha[k * outputs + p] = fit.fixedMean()[k];
            }
        }
        return new ReferenceStart(muZ, sdZ, varZ, alpha);
    }

    private double[] labels(int output) {
        double[] labels = new double[features.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = bags.get(i / trials).labels()[output] > i % trials ? 1 : 0;
        }
        return labels;
    }

    /**
     * The sd of x·v over every second row, divided by the root mean square of v. The step of 2 undoes the repetition of
     * two trials; the authors take it with one trial as well, that is over every second bag.
     */
    private double scale(double[] v) {
        int n = (features.length + 1) / 2;
        double[] u = new double[n];
        double mean = 0;
        for (int i = 0; i < n; i++) {
            u[i] = Triangular.dot(features[2 * i], 0, v, 0, v.length);
            mean += u[i] / n;
        }
        double squares = 0;
        for (double value : u) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / n * v.length / Triangular.dot(v, 0, v, 0, v.length));
    }
}
