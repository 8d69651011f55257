package io.gmil.model;

/** Σ H_n and Σ h_n over sites, in the form that suits the width of the model. */
sealed interface SiteTotal permits SiteSum, SiteRows {
    /** The largest D at which Σ H is held as D × D values whatever the number of sites. */
    int DENSE_LIMIT = 2048;

    /** The largest D at which that is done when sites have more rows than that. */
    int DENSE_AT_MOST = 4096;

    /** Matrices (D × D) of a dense posterior and of its next step. */
    int DENSE_MATRICES = 5;

    /** The same (M × M) of one by rows: both Gram matrices by halves, A of this step and the last, an inverse. */
    int ROW_MATRICES = 4;

    /** Bags of a minibatch, whose sites are there before they are made smaller. */
    int MINIBATCH = 64;

    /** Adds a site (sign 1) or takes it away (sign −1). */
    void add(Site site, double sign);

    /** Whether it, or an S made from it, may read a site that was added even when that is taken away. */
    boolean holdsSites();

    /** r = Σ h (D), not to be changed by readers. */
    double[] shift();

    /** Σ E[(y − η)²] of a Normal outcome. */
    double residual();

    void residual(double sum);

    /** The diagonal of Σ H (D). */
    double[] diagonal();

    /** The same sums, from now on apart. */
    SiteTotal copy();

    /** Takes out every site. */
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

    /** Heap that an offline fit of so many bags takes for one posterior and its sites, about, in bytes. */
    static double heap(ModelSpec spec, int bags) {
        double d = spec.dimension();
        double rank = Math.min(spec.draws(), Posterior.rowsOfSite(spec, bags));
        boolean dense = !byRows(spec)
                || (rank * bags > d && d <= DENSE_AT_MOST && spec.covariance() != ModelSpec.Covariance.LOW_RANK);
        double rows = rank * bags;
        double form = dense ? DENSE_MATRICES * d * d : ROW_MATRICES * rows * rows;
        return Double.BYTES * (form + (rank + 1) * bags * d + MINIBATCH * (spec.draws() + 1) * d);
    }

    private static boolean byRows(ModelSpec spec) {
        return spec.covariance() == ModelSpec.Covariance.LOW_RANK || spec.dimension() > DENSE_LIMIT;
    }

    /** That of the model's form, empty. */
    static SiteTotal of(ModelSpec spec) {
        return byRows(spec)
                ? new SiteRows(spec.blocks())
                : new SiteSum(spec.blocks(), LinearAlgebra.forDimension(spec.dimension()));
    }

    /** This one, or the same sites in the form that has become the cheaper one. */
    default SiteTotal suited(ModelSpec spec) {
        return this;
    }
}
