package io.gmil.cli.offline;

import io.gmil.model.GmilFit;
import io.gmil.model.Likelihood;
import io.gmil.model.ModelSpec;

/**
 * How a model is fitted offline.
 *
 * @param passes over the samples
 * @param starts of which the best is kept, by the evidence lower bound
 * @param heads of attention
 * @param covariance of the posterior
 * @param effects whether γ and β are shrunk
 * @param reference by the authors' training loop instead, one outcome of 1 or 2 trials; passes are its epochs then
 * @param seed of order and noise
 */
public record FitOptions(
        int passes,
        int starts,
        int heads,
        ModelSpec.Covariance covariance,
        ModelSpec.Effects effects,
        boolean reference,
        long seed) {

    /** One start, one head, the full posterior of random effects. */
    public static FitOptions passes(int passes, long seed) {
        return new FitOptions(passes, 1, 1, ModelSpec.Covariance.FULL, ModelSpec.Effects.RANDOM, false, seed);
    }

    GmilFit fit() {
        return GmilFit.passes(passes, seed).withStarts(starts);
    }

    ModelSpec spec(Likelihood likelihood, int width, int fixedEffects, int groups) {
        return ModelSpec.of(likelihood, new ModelSpec.Shape(width, fixedEffects, groups, heads))
                .with(covariance)
                .with(effects)
                .withSeed(seed);
    }
}
