package io.gmil.cli.evaluate;

import io.gmil.cohort.Sample;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Figures of one model in one repeat; NaN where there is none. AUC is within each fold and the mean over the folds that have
 * more than one class, as scikit-learn's {@code cross_val_score} has it; the others are of the repeat's out-of-fold
 * predictions pooled.
 *
 * @param auc area under the ROC curve by the linear predictor; of classes the mean of each against all others, by its
 *     probability
 * @param logLoss mean negative log-likelihood of a trial, or of a class
 * @param brier mean squared error of the probability of a trial, or of the classes
 * @param calibrationSlope of a count on logit p, of classes each against all others, pooled; 1 is calibrated
 * @param coverage90 share of known bag effects, or differences of two classes, that lie in the 90 % interval, both centred on
 *     their fold
 * @param coverage90Uncentred the same with the intercept, as they are
 * @param accuracy share of classes that were the most probable
 * @param r2 explained variance of a number
 * @param rmse root of the mean squared error of a number, in the unit of the label
 * @param labelCoverage90 share of numbers that lie in their 90 % predictive interval
 */
record RepeatFigures(
        double auc,
        double logLoss,
        double brier,
        double calibrationSlope,
        double coverage90,
        double coverage90Uncentred,
        double accuracy,
        double r2,
        double rmse,
        double labelCoverage90) {

    private static final double NONE = Double.NaN;

    static RepeatFigures ofCounts(double auc, double logLoss, double brier, double slope) {
        return new RepeatFigures(auc, logLoss, brier, slope, NONE, NONE, NONE, NONE, NONE, NONE);
    }

    static RepeatFigures ofClasses(double auc, double logLoss, double brier, double slope, double accuracy) {
        return new RepeatFigures(auc, logLoss, brier, slope, NONE, NONE, accuracy, NONE, NONE, NONE);
    }

    static RepeatFigures ofNumbers(double r2, double rmse, double labelCoverage90) {
        return new RepeatFigures(NONE, NONE, NONE, NONE, NONE, NONE, NONE, r2, rmse, labelCoverage90);
    }

    /**
     * Judges a repeat.
     *
     * @param forecasts of each labelled sample by its index; others may be null
     */
    static RepeatFigures of(List<Sample> samples, EvaluatedOutcome outcome, Folds folds, Forecast[] forecasts) {
        List<int[]> tests =
                IntStream.range(0, folds.count()).mapToObj(folds::test).toList();
        double[] aucs = tests.stream()
                .mapToDouble(test -> new Judged(samples, forecasts, test).auc(outcome))
                .filter(Double::isFinite)
                .toArray();
        int[] all = tests.stream().flatMapToInt(Arrays::stream).toArray();
        return new Judged(samples, forecasts, all)
                .pooled(outcome, Spread.mean(aucs))
                .with(EffectCoverage.of(samples, forecasts, tests, outcome));
    }

    private RepeatFigures with(EffectCoverage coverage) {
        return new RepeatFigures(
                auc,
                logLoss,
                brier,
                calibrationSlope,
                coverage.centred(),
                coverage.uncentred(),
                accuracy,
                r2,
                rmse,
                labelCoverage90);
    }
}
