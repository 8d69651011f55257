package io.gmil.cli.evaluate;

import io.gmil.cohort.Sample;
import io.gmil.cohort.SampleLabel;
import io.gmil.model.Calibration;
import io.gmil.model.ClassScores;
import io.gmil.model.Scores;
import java.util.Arrays;
import java.util.List;

/** Forecasts of some samples beside their labels. */
final class Judged {

    /** 95 % quantile of N(0, 1). */
    static final double Z95 = 1.6448536269514722;

    private final List<Forecast> forecasts;
    private final double[] y;
    private final double[] trials;

    /** Of these samples, which all have a label and a forecast. */
    Judged(List<Sample> samples, Forecast[] forecasts, int[] of) {
        List<SampleLabel> labels = Arrays.stream(of)
                .mapToObj(i -> EvaluatedOutcome.label(samples.get(i)))
                .toList();
        this.forecasts = Arrays.stream(of).mapToObj(i -> forecasts[i]).toList();
        this.y = labels.stream().mapToDouble(SampleLabel::value).toArray();
        this.trials = labels.stream().mapToDouble(SampleLabel::trials).toArray();
    }

    /** Of numbers there is none. */
    double auc(EvaluatedOutcome outcome) {
        return switch (outcome.likelihood()) {
            case BERNOULLI, BINOMIAL -> {
                double[] scores =
                        forecasts.stream().mapToDouble(Forecast::score).toArray();
                yield Scores.auc(scores, y, trials);
            }
            case CATEGORICAL -> ClassScores.macroAuc(means(), classes());
            case NORMAL -> Double.NaN;
        };
    }

    /** All figures but AUC and the coverage of bag effects, which are within folds. */
    RepeatFigures pooled(EvaluatedOutcome outcome, double auc) {
        return switch (outcome.likelihood()) {
            case BERNOULLI, BINOMIAL -> counts(auc);
            case CATEGORICAL -> categories(auc);
            case NORMAL -> numbers();
        };
    }

    private RepeatFigures counts(double auc) {
        double[] p = first();
        return RepeatFigures.ofCounts(
                auc, Scores.logLoss(p, y, trials), Scores.brier(p, y, trials), Calibration.slope(p, y, trials));
    }

    private RepeatFigures categories(double auc) {
        double[][] p = means();
        int[] classes = classes();
        return RepeatFigures.ofClasses(
                auc,
                ClassScores.logLoss(p, classes),
                ClassScores.brier(p, classes),
                ClassScores.calibrationSlope(p, classes),
                ClassScores.accuracy(p, classes));
    }

    private RepeatFigures numbers() {
        double[] predicted = first();
        boolean intervals = forecasts.stream().allMatch(forecast -> Double.isFinite(forecast.sd()));
        int covered = 0;
        for (int n = 0; n < y.length; n++) {
            covered += Math.abs(predicted[n] - y[n]) <= Z95 * forecasts.get(n).sd() ? 1 : 0;
        }
        return RepeatFigures.ofNumbers(
                ClassScores.r2(predicted, y),
                ClassScores.rmse(predicted, y),
                intervals ? (double) covered / y.length : Double.NaN);
    }

    private double[] first() {
        return forecasts.stream().mapToDouble(forecast -> forecast.mean()[0]).toArray();
    }

    private double[][] means() {
        return forecasts.stream().map(Forecast::mean).toArray(double[][]::new);
    }

    private int[] classes() {
        return Arrays.stream(y).mapToInt(value -> (int) value).toArray();
    }
}
