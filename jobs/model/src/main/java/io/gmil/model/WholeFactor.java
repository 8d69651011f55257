package io.gmil.model;

/**
 * The whole covariance S as a step leaves it, for readers in the same process; immutable, so that a snapshot shares it.
 */
sealed interface WholeFactor extends Factor permits DenseFactor, DiagonalFactor, RowFactor {
    /** How many numbers of base noise one deviation takes. */
    int noise();

    /**
     * Writes deviations δ ~ N(0, S).
     *
     * @param noise count × {@link #noise()} standard normal numbers; of each deviation the first D come first
     * @param out count × D, overwritten
     */
    void deviate(double[] noise, int count, double[] out);

    /** Σ S_ii of the fixed effects, random intercepts, γ and β, see {@link ModelSpec#blocks()}. */
    double[] traces();

    /** S (D × D). */
    double[] covariance();

    /** log|S|. */
    double logDeterminant();

    @Override
    default void draws(ModelSpec spec, long noiseSeed, double[] mean, double[] out) {
        int d = dimension();
        int half = spec.draws() / 2;
        double[] deviations = new double[half * d];
        deviate(BaseNoise.standardNormal(spec.seed(), noiseSeed, half * noise()), half, deviations);
        for (int s = 0; s < half; s++) {
            for (int i = 0; i < d; i++) {
                out[s * d + i] = mean[i] + deviations[s * d + i];
                out[(s + half) * d + i] = mean[i] - deviations[s * d + i];
            }
        }
    }
}
