package io.gmil.model;

import java.util.Random;

/**
 * The base noise of S draws for P outputs.
 *
 * @param samples S
 * @param factor ε_W (S × P × R)
 * @param diagonal ε_D (S × P × 2Q)
 */
@SuppressWarnings("ArrayRecordComponent") // an argument, never compared
record ReferenceNoise(int samples, double[] factor, double[] diagonal) {
    static ReferenceNoise standardNormal(ReferenceParameters shape, int samples, Random random) {
        ReferenceNoise noise = zero(shape, samples);
        fill(noise.factor, random);
        fill(noise.diagonal, random);
        return noise;
    }

    private static void fill(double[] values, Random random) {
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
    }

    /** One draw at the posterior mean. */
    static ReferenceNoise none(ReferenceParameters shape) {
        return zero(shape, 1);
    }

    private static ReferenceNoise zero(ReferenceParameters shape, int samples) {
        int rows = samples * shape.outputs();
        return new ReferenceNoise(samples, new double[rows * shape.rank()], new double[rows * 2 * shape.width()]);
    }
}
