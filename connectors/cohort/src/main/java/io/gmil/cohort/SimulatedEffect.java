package io.gmil.cohort;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A bag effect of a simulated cohort: its γ and β, and what they make of each bag. */
final class SimulatedEffect {

    private final double[] gamma;
    private final double[] beta;
    private final double[] logSum;
    private final double[] effects;

    /** Draws γ, then β. */
    SimulatedEffect(SimulationOptions options, SplittableRandom random) {
        double[] direction = gaussians(random, options.dim());
        this.gamma = scaled(direction, Math.sqrt(options.vGamma() * options.dim() / squares(direction)));
        double[] slope = gaussians(random, options.dim());
        this.beta = scaled(slope, Math.sqrt(options.dim() / squares(slope)));
        int bags = options.bags() + options.testBags();
        this.logSum = new double[bags];
        this.effects = new double[bags];
    }

    static double[] gaussians(SplittableRandom random, int count) {
        return IntStream.range(0, count).mapToDouble(q -> random.nextGaussian()).toArray();
    }

    private static double squares(double[] vector) {
        return IntStream.range(0, vector.length)
                .mapToDouble(q -> vector[q] * vector[q])
                .sum();
    }

    static double[] scaled(double[] vector, double factor) {
        return IntStream.range(0, vector.length)
                .mapToDouble(q -> vector[q] * factor)
                .toArray();
    }

    /** The sums over the cells of one bag. */
    Sums sums() {
        return new Sums();
    }

    /** Takes in blocks of a bag's cells; noted for the bag at the end. */
    final class Sums {

        private double highest = Double.NEGATIVE_INFINITY;
        private double sum;
        private double weighted;

        void add(float[] cells, int rows) {
            for (int r = 0; r < rows; r++) {
                double logit = dot(cells, r * gamma.length, gamma);
                if (logit > highest) {
                    // Sums are kept relative to the highest logit, so that exp cannot overflow.
                    double shrink = Math.exp(highest - logit);
                    sum *= shrink;
                    weighted *= shrink;
                    highest = logit;
                }
                double weight = Math.exp(logit - highest);
                sum += weight;
                weighted += weight * dot(cells, r * beta.length, beta);
            }
        }

        /** Raw effect Σ w_i x_i·β, and log Σ exp(x_i·γ), from which one more pass knows the weights. */
        void noteFor(int bag) {
            logSum[bag] = highest + Math.log(sum);
            effects[bag] = weighted / sum;
        }
    }

    private static double dot(float[] cells, int at, double[] vector) {
        double sum = 0;
        for (int q = 0; q < vector.length; q++) {
            sum += cells[at + q] * vector[q];
        }
        return sum;
    }

    /** Scales the raw effects of all bags to mean 0 and this variance. */
    void standardise(double variance) {
        double mean = Arrays.stream(effects).sum() / effects.length;
        double[] centred = Arrays.stream(effects).map(effect -> effect - mean).toArray();
        double[] standardised = scaled(centred, Math.sqrt(variance * effects.length / squares(centred)));
        System.arraycopy(standardised, 0, effects, 0, effects.length);
    }

    /** u of a bag. */
    double of(int bag) {
        return effects[bag];
    }

    /** Attention weight of a cell of this bag, which is a row of the values. */
    double weight(int bag, float[] values, int row) {
        return Math.exp(dot(values, row * gamma.length, gamma) - logSum[bag]);
    }

    /** u and w of every cell as columns. */
    List<CellColumn> columns(String suffix) {
        return List.of(
                new CellColumn(ExportColumns.EFFECT + suffix, (run, r) -> of(run.sample())),
                new CellColumn(ExportColumns.WEIGHT + suffix, (run, r) -> weight(run.sample(), run.values(), r)));
    }
}
