package io.gmil.cli.evaluate;

import io.gmil.cohort.Sample;
import io.gmil.model.Calibration;
import io.gmil.model.Scores;
import java.util.Arrays;
import java.util.List;

/**
 * Figures of one model in one repeat; NaN where there is none. AUC ranks by the linear predictor within each fold
 * and is the mean over the folds that have both classes, as scikit-learn's {@code cross_val_score} has it; the others are
 * of the repeat's out-of-fold predictions pooled.
 *
 * @param auc area under the ROC curve
 * @param logLoss mean negative log-likelihood of a trial
 * @param brier mean squared error of the probability of a trial
 * @param calibrationSlope of the outcome on logit p; 1 is calibrated
 * @param coverage90 share of known bag effects that lie in the 90 % interval, both centred on their fold, because bag
 *     effects are known up to a constant
 */
record RepeatFigures(double auc, double logLoss, double brier, double calibrationSlope, double coverage90) {

    /** 95 % quantile of N(0, 1). */
    private static final double Z95 = 1.6448536269514722;

    /**
     * Judges a repeat.
     *
     * @param forecasts of each labelled sample by its index; others may be null
     */
    static RepeatFigures of(List<Sample> samples, int trials, Folds folds, Forecast[] forecasts) {
        int[] all = new int[0];
        double[] aucs = new double[folds.count()];
        int covered = 0;
        int compared = 0;
        for (int fold = 0; fold < folds.count(); fold++) {
            int[] test = folds.test(fold);
            all = concatenated(all, test);
            aucs[fold] = Scores.auc(scores(forecasts, test), labels(samples, test), trials(trials, test));
            int[] known = Arrays.stream(test)
                    .filter(i -> samples.get(i).trueEffect().isPresent() && Double.isFinite(forecasts[i].effectSd()))
                    .toArray();
            covered += covered(samples, forecasts, known);
            compared += known.length;
        }
        double[] p = probabilities(forecasts, all);
        double[] y = labels(samples, all);
        double[] n = trials(trials, all);
        return new RepeatFigures(
                Spread.mean(Arrays.stream(aucs).filter(Double::isFinite).toArray()),
                Scores.logLoss(p, y, n),
                Scores.brier(p, y, n),
                Calibration.slope(p, y, n),
                compared == 0 ? Double.NaN : (double) covered / compared);
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
                        <= Z95 * forecasts[i].effectSd())
                .count();
    }

    private static int[] concatenated(int[] a, int[] b) {
        int[] both = Arrays.copyOf(a, a.length + b.length);
        System.arraycopy(b, 0, both, a.length, b.length);
        return both;
    }

    private static double[] scores(Forecast[] forecasts, int[] of) {
        return Arrays.stream(of).mapToDouble(i -> forecasts[i].score()).toArray();
    }

    private static double[] probabilities(Forecast[] forecasts, int[] of) {
        return Arrays.stream(of).mapToDouble(i -> forecasts[i].probability()).toArray();
    }

    private static double[] labels(List<Sample> samples, int[] of) {
        return Arrays.stream(of)
                .mapToDouble(i -> samples.get(i).label().orElseThrow())
                .toArray();
    }

    private static double[] trials(int trials, int[] of) {
        double[] each = new double[of.length];
        Arrays.fill(each, trials);
        return each;
    }
}
