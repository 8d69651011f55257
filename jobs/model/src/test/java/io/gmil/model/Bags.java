package io.gmil.model;

import java.util.Random;

/** Bags and posteriors made up for tests. */
final class Bags {
    private Bags() {}

    static float[] cells(Random random, int rows, int width) {
        float[] values = new float[rows * width];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * (1 + i % width) + i % width);
        }
        return values;
    }

    static LabelledBag bag(Random random, int rows, int width) {
        double[] fixedEffects = {1, random.nextGaussian()};
        return new LabelledBag(Cells.of(cells(random, rows, width), rows, width), fixedEffects, random.nextInt(2), 1);
    }

    /** The same cells, cut into blocks of at most so many rows. */
    static Cells inBlocks(float[] values, int rows, int width, int blockRows) {
        return new Cells() {
            @Override
            public int count() {
                return rows;
            }

            @Override
            public int width() {
                return width;
            }

            @Override
            public void forEachBlock(BlockVisitor visitor) {
                float[] block = new float[blockRows * width];
                for (int from = 0; from < rows; from += blockRows) {
                    int part = Math.min(blockRows, rows - from);
                    System.arraycopy(values, from * width, block, 0, part * width);
                    visitor.block(block, part);
                }
            }
        };
    }

    /** A posterior with this mean scale, and correlated covariance when it is exact. */
    static PosteriorSnapshot posterior(ModelSpec spec, Phase phase, double scale, long seed) {
        Random random = new Random(seed);
        int d = spec.dimension();
        double[] mean = new double[d];
        for (int i = 0; i < d; i++) {
            mean[i] = random.nextGaussian() * scale;
            if (phase == Phase.MEAN_POOLING && i >= spec.gamma() && i < spec.beta()) {
                mean[i] = 0;
            }
        }
        Factor factor = PosteriorSnapshot.prior(spec).factor();
        if (factor instanceof ExactFactor exact) {
            double[] packed = exact.packed().clone();
            for (int i = 0; i < packed.length; i++) {
                packed[i] += random.nextGaussian() * 0.05;
            }
            factor = Factor.exact(d, packed);
        }
        return new PosteriorSnapshot(spec, 0, 1, phase, 5, 0, spec.prior().variances(), mean, factor);
    }

    static FeatureScaler scaler(int width) {
        Random random = new Random(width);
        FeatureMoments moments = new FeatureMoments(width);
        moments.add(cells(random, 500, width), 500);
        return FeatureScaler.of(moments);
    }
}
