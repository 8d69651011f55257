package io.gmil.cohort;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** One outcome of a simulated cohort: its γ and β, and what they make of each bag. */
final class SimulatedOutcome {

    private static final int TRIALS = 2;

    private final SplittableRandom random;
    private final double[] gamma;
    private final double[] beta;
    private final double[] logSum;
    private final double[] effects;
    private final int[] labels;

    /** Draws γ and β; the first outcome (0) is the same whether there are others or not. */
    SimulatedOutcome(SimulationOptions options, int index) {
        long seed = SimulatedBag.mix(options.seed() ^ 0x5eedL);
        this.random = new SplittableRandom(index == 0 ? seed : SimulatedBag.mix(seed + index));
        double[] direction = gaussians(options.dim());
        this.gamma = scaled(direction, Math.sqrt(options.vGamma() * options.dim() / squares(direction)));
        double[] slope = gaussians(options.dim());
        this.beta = scaled(slope, Math.sqrt(options.dim() / squares(slope)));
        int bags = options.bags() + options.testBags();
        this.logSum = new double[bags];
        this.effects = new double[bags];
        this.labels = new int[bags];
    }

    private double[] gaussians(int count) {
        return IntStream.range(0, count).mapToDouble(q -> random.nextGaussian()).toArray();
    }

    private static double squares(double[] vector) {
        return IntStream.range(0, vector.length)
                .mapToDouble(q -> vector[q] * vector[q])
                .sum();
    }

    private static double[] scaled(double[] vector, double factor) {
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

    /** Scales the raw effects of all bags to mean 0 and this variance, and draws the labels. */
    void label(double variance, double intercept) {
        double mean = Arrays.stream(effects).sum() / effects.length;
        double[] centred = Arrays.stream(effects).map(effect -> effect - mean).toArray();
        double[] standardised = scaled(centred, Math.sqrt(variance * effects.length / squares(centred)));
        System.arraycopy(standardised, 0, effects, 0, effects.length);
        for (int n = 0; n < effects.length; n++) {
            double probability = 1 / (1 + Math.exp(-intercept - effects[n]));
            for (int t = 0; t < TRIALS; t++) {
                labels[n] += random.nextDouble() < probability ? 1 : 0;
            }
        }
    }

    /** u of a bag. */
    double effect(int bag) {
        return effects[bag];
    }

    /** Successes of a bag, 0 to 2. */
    double successes(int bag) {
        return labels[bag];
    }

    /** Attention weight of the cell of this bag that begins at an index of the values. */
    double weight(int bag, float[] values, int at) {
        return Math.exp(dot(values, at, gamma) - logSum[bag]);
    }
}
