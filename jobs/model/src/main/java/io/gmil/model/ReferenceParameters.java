package io.gmil.model;

import java.util.List;

/**
 * The parameters of the authors' model, or a gradient with respect to them. Of the 2Q components of a posterior the
 * first Q are attention γ, the others instance effects. q(γ, β) = N(μ, W Wᵀ + diag(exp(d))) for each output; the full
 * posterior has R = 2Q and d fixed, mean-field has R = 1 and W = 0 fixed.
 *
 * @param width Q
 * @param fixedEffects K
 * @param outputs P
 * @param rank R
 * @param alpha α (K × P)
 * @param logSigmaU log σ_γ (P)
 * @param logSigmaZ log σ_β (P)
 * @param mu μ (P × 2Q)
 * @param covFactor W (P × 2Q × R)
 * @param covLogdiag d (P × 2Q)
 */
@SuppressWarnings("ArrayRecordComponent") // trained in place, never compared
public record ReferenceParameters(
        int width,
        int fixedEffects,
        int outputs,
        int rank,
        double[] alpha,
        double[] logSigmaU,
        double[] logSigmaZ,
        double[] mu,
        double[] covFactor,
        double[] covLogdiag) {
    public ReferenceParameters {
        if (rank != 1 && rank != 2 * width) {
            throw new IllegalArgumentException("rank: expected 1 (mean-field) or " + 2 * width + ", got " + rank);
        }
        requireLength("alpha", alpha, fixedEffects * outputs);
        requireLength("logSigmaU", logSigmaU, outputs);
        requireLength("logSigmaZ", logSigmaZ, outputs);
        requireLength("mu", mu, outputs * 2 * width);
        requireLength("covFactor", covFactor, outputs * 2 * width * rank);
        requireLength("covLogdiag", covLogdiag, outputs * 2 * width);
    }

    private static void requireLength(String name, double[] values, int expected) {
        if (values.length != expected) {
            throw new IllegalArgumentException(name + ": expected " + expected + " values, got " + values.length);
        }
    }

    /** All zero, of this shape. */
    public ReferenceParameters zeros() {
        return new ReferenceParameters(
                width,
                fixedEffects,
                outputs,
                rank,
                new double[alpha.length],
                new double[outputs],
                new double[outputs],
                new double[mu.length],
                new double[covFactor.length],
                new double[covLogdiag.length]);
    }

    /** A copy with arrays of its own. */
    public ReferenceParameters copy() {
        ReferenceParameters copy = zeros();
        copy.add(1, this);
        return copy;
    }

    /** this ← this + scale · other. */
    void add(double scale, ReferenceParameters other) {
        List<double[]> to = arrays();
        List<double[]> from = other.arrays();
        for (int a = 0; a < to.size(); a++) {
            Triangular.axpy(scale, from.get(a), 0, to.get(a), 0, to.get(a).length);
        }
    }

    private List<double[]> arrays() {
        return List.of(alpha, logSigmaU, logSigmaZ, mu, covFactor, covLogdiag);
    }

    boolean meanField() {
        return rank == 1;
    }

    /** The arrays that training changes. */
    List<double[]> trained() {
        return List.of(alpha, logSigmaU, logSigmaZ, mu, meanField() ? covLogdiag : covFactor);
    }
}
