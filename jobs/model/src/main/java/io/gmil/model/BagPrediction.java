package io.gmil.model;

/**
 * What one posterior says about one bag: η ~ N(etaMean, etaSd²).
 *
 * @param etaMean f·α + u at the posterior mean
 * @param etaSd √(JᵀSJ)
 * @param fixedEffect f·α, with the random intercept
 * @param randomEffect u
 * @param probability E[σ(η)], per trial; of a class, E of its softmax; of a Normal outcome etaMean
 * @param lower the probability at the 5 % quantile of η, of a class the 5 % quantile of its probability; of a Normal outcome
 *     the 5 % quantile of η
 * @param upper the same at 95 %
 * @param linearisation η around the posterior mean, for the bag's first site; null of a bag predicted with others
 * @param attention null unless asked for; with several heads their mean weight and summed contribution
 */
public record BagPrediction(
        double etaMean,
        double etaSd,
        double fixedEffect,
        double randomEffect,
        double probability,
        double lower,
        double upper,
        Linearisation linearisation,
        BagAttention attention) {
    /** The same bag with another η. */
    BagPrediction with(Linearisation eta, MeanOutcome outcome) {
        return new BagPrediction(
                eta.etaMean(),
                Math.sqrt(eta.etaVariance()),
                fixedEffect,
                randomEffect,
                outcome.mean(),
                outcome.lower(),
                outcome.upper(),
                eta,
                attention);
    }
}
