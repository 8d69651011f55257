package io.gmil.model;

/**
 * What the model says about one bag: η ~ N(etaMean, etaSd²).
 *
 * @param etaMean f·α + u at the posterior mean
 * @param etaSd √(JᵀSJ)
 * @param fixedEffect f·α
 * @param randomEffect u
 * @param probability E[σ(η)], per trial
 * @param lower σ(η) at the 5 % quantile of η
 * @param upper σ(η) at the 95 % quantile of η
 * @param linearisation η around the posterior mean, for the bag's first site
 * @param attention null unless asked for
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
        BagAttention attention) {}
