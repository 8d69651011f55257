package io.gmil.model;

/**
 * The covariance S of a posterior. Two forms are published: exact for D ≤ 256, a fixed number of deviations above. Readers in
 * the same process get the whole of S as the posterior holds it, whatever D.
 */
public sealed interface Factor permits ExactFactor, WideFactor, WholeFactor {
    /** The largest D that is published exactly. */
    int EXACT_LIMIT = 256;

    /** D. */
    int dimension();

    /** JᵀSJ. */
    double variance(double[] jacobian);

    /** The same for many J. */
    default QuadraticForm quadraticForm() {
        return this::variance;
    }

    /**
     * Antithetic draws θ = m ± deviation. The same seeds give the same base noise whatever the posterior is, so that
     * the loop comes to rest.
     *
     * @param spec gives the number of draws and the seed
     * @param noiseSeed of the caller, for example its shard
     * @param mean m (D)
     * @param out S × D; the first half are m + deviation, the second half m − deviation
     */
    void draws(ModelSpec spec, long noiseSeed, double[] mean, double[] out);

    /** @param packed the lower triangle of L⁻¹ by rows, Λ = L Lᵀ */
    static Factor exact(int dimension, double[] packed) {
        return new ExactFactor(dimension, packed);
    }

    /** @param deviations R × D, S ≈ mean of δδᵀ */
    static Factor wide(int dimension, float[] deviations) {
        return new WideFactor(dimension, deviations);
    }
}
