package io.gmil.model;

/**
 * The outcome of one natural-gradient step.
 *
 * @param refused Λ was not positive definite, or the step too far: the mean stays
 * @param moved √(ΔᵀΛΔ / D) of the step Δ that was taken
 * @param residual the same norm of Λ⁻¹r − m after the step: how far m still has to go at these sites
 */
public record Step(boolean refused, double moved, double residual) {
    static final Step REFUSED = new Step(true, 0, Double.NaN);
}
