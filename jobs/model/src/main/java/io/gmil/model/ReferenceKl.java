package io.gmil.model;

/**
 * KL(N(μ, C) ‖ N(0, diag(σ²))) of each output, C = W Wᵀ + diag(exp(d)), σ² = exp(2 log σ_γ) or exp(2 log σ_β):
 *
 * <pre>
 * KL = ½ [Σ log σ_k² − log|C| + Σ (C_kk + μ_k²) / σ_k² − 2Q]
 * ∂μ = μ/σ²,  ∂W = W/σ² − C⁻¹W,  ∂d_k = ½ exp(d_k) (1/σ_k² − C⁻¹_kk),  ∂log σ = Σ_k 1 − (C_kk + μ_k²)/σ_k²
 * </pre>
 */
final class ReferenceKl {
    private final LinearAlgebra algebra = new EjmlAlgebra();
    private final ReferenceParameters parameters;
    private final int n;

    /** KL (P). */
    final double[] perOutput;

    /** The gradient of Σ_p KL_p. */
    final ReferenceParameters gradient;

    ReferenceKl(ReferenceParameters parameters) {
        this.parameters = parameters;
        this.n = 2 * parameters.width();
        this.perOutput = new double[parameters.outputs()];
        this.gradient = parameters.zeros();
        for (int p = 0; p < perOutput.length; p++) {
            divergence(p);
        }
    }

    /** Σ_p KL_p. */
    double sum() {
        double sum = 0;
        for (double divergence : perOutput) {
            sum += divergence;
        }
        return sum;
    }

    private void divergence(int p) {
        double[] l = covariance(p);
        double[] variances = new double[n];
        for (int k = 0; k < n; k++) {
            variances[k] = l[k * n + k];
        }
        if (!algebra.cholesky(l, n)) {
            throw new IllegalArgumentException(
                    "posterior of output " + p + ": expected a positive definite covariance");
        }
        double twice = 0;
        for (int k = 0; k < n; k++) {
            double[] logSigma = k < parameters.width() ? parameters.logSigmaU() : parameters.logSigmaZ();
            double[] byLogSigma = k < parameters.width() ? gradient.logSigmaU() : gradient.logSigmaZ();
            double mu = parameters.mu()[p * n + k];
            double ratio = (variances[k] + mu * mu) * Math.exp(-2 * logSigma[p]);
            twice += 2 * logSigma[p] - 2 * Math.log(l[k * n + k]) + ratio - 1;
            byLogSigma[p] += 1 - ratio;
        }
        perOutput[p] = twice / 2;
        algebra.invertLower(l, n);
        posteriorGradient(p, l);
    }

    /** The lower triangle of C. */
    private double[] covariance(int p) {
        double[] c = new double[n * n];
        double[] w = parameters.covFactor();
        int rank = parameters.rank();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                c[i * n + j] = Triangular.dot(w, (p * n + i) * rank, w, (p * n + j) * rank, rank);
            }
            c[i * n + i] += Math.exp(parameters.covLogdiag()[p * n + i]);
        }
        return c;
    }

    /** @param inverse L⁻¹ on the lower triangle, C = L Lᵀ */
    private void posteriorGradient(int p, double[] inverse) {
        int rank = parameters.rank();
        double[] w = parameters.covFactor();
        double[] whitened = new double[n * rank];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k <= i; k++) {
                Triangular.axpy(inverse[i * n + k], w, (p * n + k) * rank, whitened, i * rank, rank);
            }
        }
        for (int k = 0; k < n; k++) {
            int at = p * n + k;
            double[] logSigma = k < parameters.width() ? parameters.logSigmaU() : parameters.logSigmaZ();
            double precision = Math.exp(-2 * logSigma[p]);
            double inverseDiagonal = 0;
            for (int i = k; i < n; i++) {
                double l = inverse[i * n + k];
                inverseDiagonal += l * l;
                Triangular.axpy(-l, whitened, i * rank, gradient.covFactor(), at * rank, rank);
            }
            Triangular.axpy(precision, w, at * rank, gradient.covFactor(), at * rank, rank);
            gradient.mu()[at] = parameters.mu()[at] * precision;
            gradient.covLogdiag()[at] = Math.exp(parameters.covLogdiag()[at]) * (precision - inverseDiagonal) / 2;
        }
    }
}
