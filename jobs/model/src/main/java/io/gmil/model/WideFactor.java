package io.gmil.model;

/**
 * S ≈ (1/R) Σ δδᵀ by R deviations δ ~ N(0, S) of fixed base noise: R × D floats in place of D²/2 doubles.
 *
 * <p>A learner draws from one of eight sets of R/8 deviations, so shards together use all of them.
 *
 * @param dimension D
 * @param deviations R × D; not to be written
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never compared
public record WideFactor(int dimension, float[] deviations) implements Factor {
    /** R, as this library makes them. */
    public static final int COUNT = 32;

    private static final int SETS = 8;

    /** Keeps the noise of the deviations apart from that of a shard's draws. */
    private static final long STREAM = Long.MIN_VALUE;

    public WideFactor {
        if (dimension < 1 || deviations.length < dimension || deviations.length % dimension != 0) {
            throw new IllegalArgumentException("deviations of dimension " + dimension
                    + ": expected a positive multiple of it, got " + deviations.length + " values");
        }
    }

    /** R. */
    public int count() {
        return deviations.length / dimension;
    }

    /** R deviations of fixed base noise. */
    static WideFactor of(WholeFactor whole, long seed) {
        double[] deviations = new double[COUNT * whole.dimension()];
        whole.deviate(BaseNoise.standardNormal(seed, STREAM, COUNT * whole.noise()), COUNT, deviations);
        return new WideFactor(whole.dimension(), toFloats(deviations));
    }

    /** The same for a diagonal precision. */
    static WideFactor ofDiagonal(double[] precision, long seed) {
        double[] noise = BaseNoise.standardNormal(seed, STREAM, COUNT * precision.length);
        for (int i = 0; i < noise.length; i++) {
            noise[i] /= Math.sqrt(precision[i % precision.length]);
        }
        return new WideFactor(precision.length, toFloats(noise));
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** (1/R) Σ (δ·J)². */
    @Override
    public double variance(double[] jacobian) {
        int count = count();
        double sum = 0;
        for (int r = 0; r < count; r++) {
            double dot = Triangular.dot(deviations, r * dimension, jacobian, 0, dimension);
            sum += dot * dot;
        }
        return sum / count;
    }

    @Override
    public void draws(ModelSpec spec, long noiseSeed, double[] mean, double[] out) {
        int half = spec.draws() / 2;
        int count = count();
        int first = (int) Math.floorMod(noiseSeed, (long) SETS) * Math.max(1, count / SETS);
        for (int s = 0; s < half; s++) {
            int from = (first + s) % count * dimension;
            for (int i = 0; i < dimension; i++) {
                out[s * dimension + i] = mean[i] + deviations[from + i];
                out[(s + half) * dimension + i] = mean[i] - deviations[from + i];
            }
        }
    }
}
