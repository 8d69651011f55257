package io.gmil.model;

/**
 * Variances that are learnt beside θ.
 *
 * @param gamma σ_γ²
 * @param beta σ_β²
 * @param intercept σ_b² of random intercepts; its start where there are none
 * @param noise σ² of a Normal outcome; 1 for all others
 */
public record Variances(double gamma, double beta, double intercept, double noise) {
    public Variances {
        if (!(gamma > 0 && beta > 0 && intercept > 0 && noise > 0)) {
            throw new IllegalArgumentException("variances: expected > 0, got " + gamma + " of γ, " + beta + " of β, "
                    + intercept + " of intercepts, " + noise + " of noise");
        }
    }

    /** Of a model without random intercepts and noise. */
    public static Variances ofEffects(double gamma, double beta) {
        return new Variances(gamma, beta, ModelSpec.Prior.standard().sigma2Intercept(), 1);
    }
}
