package io.gmil.cohort;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * Draws the cells of one simulated bag, from its first to its last. The same seed and index give the same cells, whatever
 * was drawn before, so bags need not be stored and may be drawn in parallel.
 */
final class SimulatedBag {

    private static final RandomGeneratorFactory<RandomGenerator> GENERATORS =
            RandomGeneratorFactory.of("L64X128MixRandom");

    private final RandomGenerator random;
    private final double scale;

    SimulatedBag(long seed, int bag, int width) {
        this.random = GENERATORS.create(mix(mix(seed) + bag));
        this.scale = 1 / Math.sqrt(width);
    }

    /** Scrambles the bits, so that bag 1 of seed 42 is not bag 0 of seed 43. */
    static long mix(long value) {
        long z = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return z ^ (z >>> 33);
    }

    /** Writes the next numbers, row after row: independent, normal, mean 0, variance 1/Q. */
    void next(float[] into, int count) {
        for (int i = 0; i < count; i++) {
            into[i] = (float) (random.nextGaussian() * scale);
        }
    }
}
