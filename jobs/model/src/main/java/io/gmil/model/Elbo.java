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
        return of(q.exactSnapshots(0, 0), bags, outcome, scaler, noiseSeed);
    }

    /**
     * The bound of an outcome at the end of a fit: that of its sites, since S as it is published has been widened for the
     * intervals, which the bound punishes.
     *
     * @param outcome whose labels count
     */
    public static double ofSites(
            OutcomePosterior q, List<LabelledBag> bags, int outcome, FeatureScaler scaler, long noiseSeed) {
        PosteriorSnapshot[] classes =
                q.posteriors().stream().map(Posterior::ofSites).toArray(PosteriorSnapshot[]::new);
        return of(classes, bags, outcome, scaler, noiseSeed);
    }

    private static double of(
            PosteriorSnapshot[] q, List<LabelledBag> bags, int outcome, FeatureScaler scaler, long noiseSeed) {
        double sum = likelihood(q, bags, outcome, scaler, noiseSeed);
        for (PosteriorSnapshot each : q) {
            sum -= divergence(each) + hyperDistance(each);
        }
        return sum;
    }

    private static double likelihood(
            PosteriorSnapshot[] q, List<LabelledBag> bags, int outcome, FeatureScaler scaler, long noiseSeed) {
        ModelSpec spec = q[0].spec();
        int count = SETS * spec.draws();
        List<Draws> draws = OutcomePosterior.draws(q, noiseSeed, count);
        double noise = q[0].variances().noise();
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
                sum[0] += spec.likelihood().logLikelihood(bag.labels()[outcome], noise, eta);
            }
        });
        return sum[0] / count;
    }

    private static double hyperDistance(PosteriorSnapshot q) {
        ModelSpec.Prior prior = q.spec().prior();
        double strength = prior.hyperStrength();
        Variances learnt = q.variances();
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
    private static double divergence(PosteriorSnapshot q) {
        double[] mean = q.sharedMean();
        WholeFactor factor = (WholeFactor) q.factor();
        double[] precision = q.spec().priorPrecision(q.variances());
        int[] blocks = q.spec().blocks();
        double[] traces = factor.traces();
        double sum = -mean.length - factor.logDeterminant();
        for (int b = 0; b < traces.length; b++) {
            if (blocks[b + 1] > blocks[b]) {
                sum += precision[blocks[b]] * traces[b];
            }
        }
        for (int i = 0; i < mean.length; i++) {
            sum += precision[i] * mean[i] * mean[i] - Math.log(precision[i]);
        }
        return sum / 2;
    }
}
