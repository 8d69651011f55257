package io.gmil.model;

import java.util.List;

/**
 * The evidence lower bound (DESIGN §4): E_q[Σ log p(y|η)] − KL(q || p) with the fixed effects under their wide prior, and
 * the log density of the hyperprior at the prior variances, relative to that at its centre. The expectation is over
 * antithetic draws; the same seed gives the same base noise, so that fits can be compared.
 */
final class Elbo {
    private static final int SETS = 4;

    private Elbo() {}

    static double of(Posterior posterior, List<LabelledBag> bags, FeatureScaler scaler, long noiseSeed) {
        ModelSpec spec = posterior.spec();
        PosteriorSnapshot q = posterior.snapshot(0, 0);
        CellSweep sweep = new CellSweep(spec, scaler, LinearAlgebra.forCells());
        double[] likelihood = new double[1];
        for (int set = 0; set < SETS; set++) {
            double[] theta = q.draws(noiseSeed + set);
            sweep.run(
                    bags,
                    theta,
                    spec.draws(),
                    (index, sums) -> likelihood[0] += logLikelihood(bags.get(index), spec, theta, sums));
        }
        return likelihood[0] / SETS
                - divergence(posterior)
                - hyperDistance(spec, posterior.sigma2Gamma(), spec.sigma2Gamma())
                - hyperDistance(spec, posterior.sigma2Beta(), spec.sigma2Beta());
    }

    /** ν/2 (log(σ²/σ₀²) + σ₀²/σ² − 1), what empirical Bayes pays for leaving the centre. */
    private static double hyperDistance(ModelSpec spec, double sigma2, double centre) {
        return spec.hyperStrength() / 2 * (Math.log(sigma2 / centre) + centre / sigma2 - 1);
    }

    /** Mean over the draws of log C(n, y) + y η − n log(1 + e^η), the binomial coefficient left out. */
    private static double logLikelihood(LabelledBag bag, ModelSpec spec, double[] theta, SoftmaxSums sums) {
        double sum = 0;
        for (int s = 0; s < spec.draws(); s++) {
            double eta =
                    Triangular.dot(theta, s * spec.dimension(), bag.fixedEffects(), 0, spec.fixedEffects()) + sums.u(s);
            double softplus = Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)));
            sum += bag.y() * eta - bag.trials() * softplus;
        }
        return sum / spec.draws();
    }

    /** ½ (tr(Λ₀S) + mᵀΛ₀m − D − log|Λ₀| − log|S|). */
    private static double divergence(Posterior posterior) {
        int d = posterior.mean.length;
        double[] precision = posterior.spec().priorPrecision(posterior.sigma2Gamma(), posterior.sigma2Beta());
        double sum = -d;
        for (int i = 0; i < d; i++) {
            sum += precision[i] * posterior.mean[i] * posterior.mean[i] - Math.log(precision[i]);
            sum -= 2 * Math.log(posterior.inverseCholesky[i * d + i]);
            for (int j = 0; j <= i; j++) {
                double value = posterior.inverseCholesky[i * d + j];
                sum += precision[j] * value * value;
            }
        }
        return sum / 2;
    }
}
