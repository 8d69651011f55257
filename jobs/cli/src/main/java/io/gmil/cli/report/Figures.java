package io.gmil.cli.report;

/**
 * How good predictions are; null where unknown.
 *
 * @param auc area under the ROC curve
 * @param logLoss mean negative log likelihood of a trial
 * @param brier mean squared error of the probability of a trial
 * @param rhoBag rank correlation of predicted and known bag effects
 * @param aucInstance how well attention retrieves the top tenth of known weights
 */
public record Figures(Double auc, Double logLoss, Double brier, Double rhoBag, Double aucInstance) {}
