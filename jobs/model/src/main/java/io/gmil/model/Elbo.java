package io.gmil.model;

import java.util.List;

/**
 * The evidence lower bound (DESIGN §4): E_q[Σ log p(y|η)] − KL(q || p) with the fixed effects under their wide prior, and
 * the log density of the hyperpriors at the variances learnt, relative to that at their centres. The expectation is over
 * antithetic draws; the same seed gives the same base noise, so that fits can be compared.
 */
public final class Elbo {
    private static final int SETS = 4;

    private Elbo() {}

    /**
     * The bound of one outcome with one posterior, constants of the labels left out.
     *
     * @param noiseSeed of the draws
     */
    public static double of(Posterior posterior, List<LabelledBag> bags, FeatureScaler scaler, long noiseSeed) {
        return of(new OutcomePosterior(List.of(posterior)), bags, 0, scaler, noiseSeed);
    }

    /**
     * The bound of an outcome.
     *
     * @param outcome whose labels count
     */
    public static double of(
            OutcomePosterior q, List<LabelledBag> bags, int outcome, FeatureScaler scaler, long noiseSeed) {
        double sum = likelihood(q, bags, outcome, scaler, noiseSeed);
        for (Posterior posterior : q.posteriors()) {
            sum -= divergence(posterior) + hyperDistance(posterior);
        }
        return sum;
    }

    private static double likelihood(
            OutcomePosterior q, List<LabelledBag> bags, int outcome, FeatureScaler scaler, long noiseSeed) {
        int count = SETS * q.spec().draws();
        List<Draws> draws = q.draws(noiseSeed, count);
        double noise = q.posteriors().get(0).variances().noise();
        double[] eta = new double[draws.size()];
        double[] sum = new double[1];
        CellSweep.of(draws, scaler, LinearAlgebra.forCells()).run(bags, draws, (index, sums) -> {
            LabelledBag bag = bags.get(index);
            if (bag.labels()[outcome] == null) {
                return;
            }
            for (int s = 0; s < count; s++) {
                for (int c = 0, from = 0; c < eta.length; from += draws.get(c++).pairs()) {
                    eta[c] = draws.get(c).eta(s, bag, sums, from);
                }
                sum[0] += q.spec().likelihood().logLikelihood(bag.labels()[outcome], noise, eta);
            }
        });
        return sum[0] / count;
    }

    private static double hyperDistance(Posterior posterior) {
        ModelSpec.Prior prior = posterior.spec().prior();
        double strength = prior.hyperStrength();
        Variances learnt = posterior.variances();
        return hyperDistance(strength, learnt.gamma(), prior.sigma2Gamma())
                + hyperDistance(strength, learnt.beta(), prior.sigma2Beta())
                + hyperDistance(strength, learnt.intercept(), prior.sigma2Intercept())
                + hyperDistance(EmpiricalBayes.NOISE_STRENGTH, learnt.noise(), 1);
    }

    /** ν/2 (log(σ²/σ₀²) + σ₀²/σ² − 1), what empirical Bayes pays for leaving the centre. */
    private static double hyperDistance(double strength, double sigma2, double centre) {
        return strength / 2 * (Math.log(sigma2 / centre) + centre / sigma2 - 1);
    }

    /** ½ (tr(Λ₀S) + mᵀΛ₀m − D − log|Λ₀| − log|S|). */
    private static double divergence(Posterior posterior) {
        int d = posterior.mean.length;
        double[] precision = posterior.spec().priorPrecision(posterior.variances());
        int[] blocks = posterior.spec().blocks();
        double[] traces = posterior.factor.traces();
        double sum = -d - posterior.factor.logDeterminant();
        for (int b = 0; b < traces.length; b++) {
            if (blocks[b + 1] > blocks[b]) {
                sum += precision[blocks[b]] * traces[b];
            }
        }
        for (int i = 0; i < d; i++) {
            sum += precision[i] * posterior.mean[i] * posterior.mean[i] - Math.log(precision[i]);
        }
        return sum / 2;
    }
}
