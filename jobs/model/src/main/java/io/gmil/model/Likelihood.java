package io.gmil.model;

/**
 * How an outcome depends on its linear predictors η_c, one for each component c; each component has a posterior q(θ) of its
 * own (arXiv 2311.02455, section 2). Labels are {@link Label}s.
 */
public sealed interface Likelihood permits Binomial, Categorical, Normal {
    /** Linear predictors, C. */
    int components();

    /** The label that is impossible, or null: what was expected of it. */
    String refusal(Label label);

    /**
     * Score e₁ = ∂ log p(y|η) / ∂η_c and curvature e₂ = −∂² log p(y|η) / ∂η_c² at given η; of a Normal outcome both times
     * σ², which its posterior divides by, so that sites stay right when σ² is learnt.
     *
     * @param eta η (C)
     * @param score e₁ (C), overwritten
     * @param curvature e₂ (C), overwritten
     */
    void derivatives(Label label, double[] eta, double[] score, double[] curvature);

    /**
     * The expectations of both under independent η_c ~ N(mean_c, sd_c²).
     *
     * @param mean (C)
     * @param sd (C)
     */
    void expectedDerivatives(Label label, double[] mean, double[] sd, double[] score, double[] curvature);

    /**
     * log p(y|η) up to a constant of the label.
     *
     * @param noise σ² of a Normal outcome; others ignore it
     */
    double logLikelihood(Label label, double noise, double[] eta);

    /** E[y | η] of a trial, the probability of each class, or η itself. */
    double[] mean(double[] eta);

    /** Refuses a label that is impossible. */
    default void require(Label label) {
        String expected = refusal(label);
        if (expected != null) {
            throw new IllegalArgumentException("label: expected " + expected + ", got " + label.y()
                    + (label.trials() == 1 ? "" : " of " + label.trials() + " trials"));
        }
    }
}
