package io.gmil.cli.report;

/**
 * How good predictions of one outcome are; null where unknown or not of its kind.
 *
 * @param auc area under the ROC curve; of classes the mean of each against all others
 * @param logLoss mean negative log likelihood of a trial, or of a class
 * @param brier mean squared error of the probability of a trial, or of the classes
 * @param accuracy share of classes that were the most probable
 * @param r2 explained variance of a number
 * @param rmse root of the mean squared error of a number
 * @param rhoBag rank correlation of predicted and known bag effects
 * @param aucInstance how well attention retrieves the top tenth of known weights
 */
public record OutcomeFigures(
        Double auc,
        Double logLoss,
        Double brier,
        Double accuracy,
        Double r2,
        Double rmse,
        Double rhoBag,
        Double aucInstance) {

    static final OutcomeFigures UNKNOWN = new OutcomeFigures(null, null, null, null, null, null, null, null);

    /** Whether there is any. */
    boolean known() {
        return !equals(UNKNOWN);
    }
}
