package io.gmil.model;

/** Λ = Λ₀ + Σ H / σ² of one step, factorised. */
interface Precision {
    /** x ← Λ⁻¹ x. */
    void solve(double[] x);

    /** xᵀΛx. */
    double squaredNorm(double[] x);

    /**
     * S = Λ⁻¹; afterwards this precision is of no use.
     *
     * @param traces whether {@link WholeFactor#traces()} will be asked for, which is cheaper to know now
     */
    WholeFactor covariance(boolean traces);
}
