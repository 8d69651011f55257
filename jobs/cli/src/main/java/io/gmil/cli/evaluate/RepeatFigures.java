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
 * @param calibrationSlope of a count on logit p; 1 is calibrated
 * @param coverage90 share of known bag effects that lie in the 90 % interval, both centred on their fold, because bag
 *     effects are known up to a constant; not of classes
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
        double accuracy,
        double r2,
        double rmse,
        double labelCoverage90) {

    private static final double NONE = Double.NaN;

    static RepeatFigures ofCounts(double auc, double logLoss, double brier, double slope, double coverage90) {
        return new RepeatFigures(auc, logLoss, brier, slope, coverage90, NONE, NONE, NONE, NONE);
    }

    static RepeatFigures ofClasses(double auc, double logLoss, double brier, double accuracy) {
        return new RepeatFigures(auc, logLoss, brier, NONE, NONE, accuracy, NONE, NONE, NONE);
    }

    static RepeatFigures ofNumbers(double r2, double rmse, double labelCoverage90, double coverage90) {
        return new RepeatFigures(NONE, NONE, NONE, NONE, coverage90, NONE, r2, rmse, labelCoverage90);
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
                .pooled(outcome, Spread.mean(aucs), coverage(samples, forecasts, tests));
    }

    private static double coverage(List<Sample> samples, Forecast[] forecasts, List<int[]> tests) {
        int covered = 0;
        int compared = 0;
        for (int[] test : tests) {
            int[] known = Arrays.stream(test)
                    .filter(i -> samples.get(i).trueEffect().isPresent() && Double.isFinite(forecasts[i].effectSd()))
                    .toArray();
            covered += covered(samples, forecasts, known);
            compared += known.length;
        }
        return compared == 0 ? NONE : (double) covered / compared;
    }

    private static int covered(List<Sample> samples, Forecast[] forecasts, int[] of) {
        double shift = Spread.mean(Arrays.stream(of)
                .mapToDouble(
                        i -> forecasts[i].effect() - samples.get(i).trueEffect().getAsDouble())
                .toArray());
        return (int) Arrays.stream(of)
                .filter(i -> Math.abs(forecasts[i].effect()
                                - shift
                                - samples.get(i).trueEffect().getAsDouble())
                        <= Judged.Z95 * forecasts[i].effectSd())
                .count();
    }
}
