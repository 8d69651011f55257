package io.gmil.model;

import java.util.Random;

/** Standard normal numbers fixed by two seeds. */
final class BaseNoise {
    private BaseNoise() {}

    /** The same seeds give the same numbers on every Java platform: {@link Random} is specified to the bit. */
    static double[] standardNormal(long seed, long stream, int count) {
        Random random = new Random(mix(seed + 0x9E3779B97F4A7C15L * mix(stream)));
        double[] noise = new double[count];
        for (int i = 0; i < count; i++) {
            noise[i] = random.nextGaussian();
        }
        return noise;
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014): neighbouring seeds become unrelated. */
    static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
