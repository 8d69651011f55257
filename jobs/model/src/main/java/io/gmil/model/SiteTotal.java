package io.gmil.model;

/** Σ H_n and Σ h_n over sites, in the form that suits the width of the model. */
sealed interface SiteTotal permits SiteSum, SiteRows {
    /** The largest D at which Σ H is held as D × D values whatever the number of sites. */
    int DENSE_LIMIT = 2048;

    /** The largest D at which that is done when sites have more rows than that. */
    int DENSE_AT_MOST = 4096;

    /** Adds a site (sign 1) or takes it away (sign −1). */
    void add(Site site, double sign);

    /** r = Σ h (D), not to be changed by readers. */
    double[] shift();

    /** Σ E[(y − η)²] of a Normal outcome. */
    double residual();

    void residual(double sum);

    /** The diagonal of Σ H (D). */
    double[] diagonal();

    /** Without any site. */
    void clear();

    /**
     * Λ = Λ₀ + Σ H / σ².
     *
     * @param prior the diagonal of Λ₀ (D), constant within blocks
     * @param noise σ²
     * @return null where Λ is not positive definite
     */
    Precision precision(double[] prior, double noise);

    /** S of independent components with these precisions (D). */
    WholeFactor independent(double[] precision);

    /** That of the model's form, empty. */
    static SiteTotal of(ModelSpec spec) {
        return spec.covariance() == ModelSpec.Covariance.LOW_RANK || spec.dimension() > DENSE_LIMIT
                ? new SiteRows(spec.blocks())
                : new SiteSum(spec.blocks(), LinearAlgebra.forDimension(spec.dimension()));
    }

    /** This one, or the same sites in the form that has become the cheaper one. */
    default SiteTotal suited(ModelSpec spec) {
        return this;
    }
}
