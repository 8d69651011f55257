package io.gmil.cli.experiments;

import java.util.Random;

/** What is done to the embeddings of a bag before a model sees them; features have variance 1/Q. */
@FunctionalInterface
public interface Distortion {

    /** Embeddings as they were simulated. */
    Distortion NONE = (values, width, training, seed) -> values;

    /**
     * The embeddings that the models see.
     *
     * @param values I × Q, row-major, not to be written
     * @param width Q
     * @param training whether the bag is learnt
     * @param seed of the bag
     * @return I × Q', with the same Q' for every bag
     */
    float[] of(float[] values, int width, boolean training, long seed);

    /** Noise has this share of the variance, which stays what it was. */
    static Distortion noise(double share) {
        return (values, width, training, seed) -> {
            Random random = new Random(seed);
            double kept = Math.sqrt(1 - share);
            double added = Math.sqrt(share / width);
            float[] noisy = new float[values.length];
            for (int i = 0; i < noisy.length; i++) {
                noisy[i] = (float) (kept * values[i] + added * random.nextGaussian());
            }
            return noisy;
        };
    }

    /** So many dimensions of noise, each with the variance of a true one, after the true ones. */
    static Distortion furtherDimensions(int count) {
        return (values, width, training, seed) -> {
            Random random = new Random(seed);
            double sd = 1 / Math.sqrt(width);
            int wider = width + count;
            float[] extended = new float[values.length / width * wider];
            for (int row = 0; row * width < values.length; row++) {
                System.arraycopy(values, row * width, extended, row * wider, width);
                for (int q = width; q < wider; q++) {
                    extended[row * wider + q] = (float) (sd * random.nextGaussian());
                }
            }
            return extended;
        };
    }

    /** All dimensions mixed by one random rotation: Q reflections in random planes. */
    static Distortion rotation(int width, long seed) {
        Random random = new Random(seed);
        double[][] normals = new double[width][];
        for (int k = 0; k < width; k++) {
            normals[k] = random.doubles(width, -1, 1).toArray();
        }
        return (values, ofWidth, training, bagSeed) -> {
            float[] rotated = values.clone();
            for (int row = 0; row < rotated.length; row += width) {
                for (double[] normal : normals) {
                    reflect(rotated, row, normal);
                }
            }
            return rotated;
        };
    }

    /**
     * All dimensions mixed into so many new ones by one random matrix with normal elements: directions of the embedding are
     * stretched and squeezed, and lost where there are fewer.
     */
    static Distortion mixture(int width, int to, long seed) {
        Random random = new Random(seed);
        double[][] columns = new double[to][width];
        for (double[] column : columns) {
            for (int q = 0; q < width; q++) {
                column[q] = random.nextGaussian() / Math.sqrt(width);
            }
        }
        return (values, ofWidth, training, bagSeed) -> {
            float[] mixed = new float[values.length / width * to];
            for (int i = 0; i < mixed.length; i++) {
                int row = i / to * width;
                double sum = 0;
                for (int q = 0; q < width; q++) {
                    sum += values[row + q] * columns[i % to][q];
                }
                mixed[i] = (float) sum;
            }
            return mixed;
        };
    }

    /**
     * Each cell is with this probability a doublet, the mean of itself and a cell of another bag, which in a simulation is
     * another draw of the same law.
     */
    static Distortion doublets(double share) {
        return (values, width, training, seed) -> {
            Random random = new Random(seed);
            double sd = 1 / Math.sqrt(width);
            float[] doubled = values.clone();
            for (int row = 0; row < doubled.length; row += width) {
                boolean doublet = random.nextDouble() < share;
                for (int q = row; doublet && q < row + width; q++) {
                    doubled[q] = (float) ((values[q] + sd * random.nextGaussian()) / 2);
                }
            }
            return doubled;
        };
    }

    private static void reflect(float[] values, int at, double[] normal) {
        double along = 0;
        double squares = 0;
        for (int q = 0; q < normal.length; q++) {
            along += values[at + q] * normal[q];
            squares += normal[q] * normal[q];
        }
        for (int q = 0; q < normal.length; q++) {
            values[at + q] -= (float) (2 * along / squares * normal[q]);
        }
    }

    /**
     * Test bags are of another batch: each dimension is shifted by a normal multiple of its standard deviation and scaled
     * by a log-normal factor.
     *
     * @param shift standard deviation of the shift, in standard deviations of the feature
     * @param logScale standard deviation of the logarithm of the factor
     */
    static Distortion testBatch(int width, double shift, double logScale, long seed) {
        Random random = new Random(seed);
        double[] shifts = new double[width];
        double[] factors = new double[width];
        for (int q = 0; q < width; q++) {
            shifts[q] = shift * random.nextGaussian() / Math.sqrt(width);
            factors[q] = Math.exp(logScale * random.nextGaussian());
        }
        return (values, ofWidth, training, bagSeed) -> {
            if (training) {
                return values;
            }
            float[] other = new float[values.length];
            for (int i = 0; i < other.length; i++) {
                other[i] = (float) (factors[i % width] * values[i] + shifts[i % width]);
            }
            return other;
        };
    }
}
