package io.gmil.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.Sample;
import io.gmil.cohort.SampleLabel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Against values worked out by hand. */
class RepeatFiguresTest {

    private static final EvaluatedOutcome ZERO_ONE = new EvaluatedOutcome(Outcome.BERNOULLI, List.of());

    private static Sample sample(int id, double label, double effect) {
        return new Sample(
                "s" + id, "p" + id, 1, OptionalDouble.of(label), new double[0], true, OptionalDouble.of(effect));
    }

    /** Four samples in two folds, one of each class in each. */
    private final List<Sample> samples = List.of(sample(0, 0, 0), sample(1, 0, 1), sample(2, 1, 2), sample(3, 1, 3));

    private final Folds folds = Folds.deal(samples, 2, ZERO_ONE, 0);

    private RepeatFigures figures(Forecast... forecasts) {
        return RepeatFigures.of(samples, ZERO_ONE, folds, forecasts);
    }

    private static Forecast forecast(double score, double effect, double effectSd) {
        return new Forecast(score, new double[] {0.5}, Double.NaN, new double[] {effect}, new double[] {effectSd});
    }

    @Test
    void aucIsTheMeanOverFoldsSoThatFoldsOfDifferentLevelDoNotMatter() {
        Forecast[] forecasts = new Forecast[4];
        for (int fold = 0; fold < 2; fold++) {
            for (int i : folds.test(fold)) {
                // Perfect in each fold; pooled, a failure of the second fold would beat a success of the first.
                forecasts[i] = forecast(fold * 10 + samples.get(i).label().getAsDouble(), 0, 1);
            }
        }
        assertThat(figures(forecasts).auc()).isEqualTo(1);
    }

    @Test
    void lossesArePooled() {
        RepeatFigures figures = figures(
                Forecast.withoutInterval(0.1),
                Forecast.withoutInterval(0.5),
                Forecast.withoutInterval(0.5),
                Forecast.withoutInterval(0.8));

        assertThat(figures.logLoss())
                .isCloseTo(-(Math.log(0.9) + 2 * Math.log(0.5) + Math.log(0.8)) / 4, within(1e-12));
        assertThat(figures.brier()).isCloseTo((0.01 + 0.25 + 0.25 + 0.04) / 4, within(1e-12));
        assertThat(figures.coverage90()).isNaN();
    }

    /** Effects 0 to 3, each forecast off by a constant of its fold: covered; then two of them are moved far. */
    @Test
    void coverageForgivesAConstantOfTheFoldOnly() {
        Forecast[] forecasts = new Forecast[4];
        for (int fold = 0; fold < 2; fold++) {
            for (int i : folds.test(fold)) {
                forecasts[i] = forecast(0, i + 100 * fold, 0.1);
            }
        }
        assertThat(figures(forecasts).coverage90()).isEqualTo(1);
        int moved = folds.test(0)[0];
        forecasts[moved] = forecast(0, moved + 1, 0.1);
        assertThat(figures(forecasts).coverage90()).isEqualTo(0.5);
    }

    /** Two folds of two: the class that is the less probable one of the other fold does not matter to AUC. */
    @Test
    void classesAreRankedWithinFolds() {
        EvaluatedOutcome classes = new EvaluatedOutcome(Outcome.CATEGORICAL, List.of("a", "b"));
        Forecast[] forecasts = new Forecast[4];
        for (int fold = 0; fold < 2; fold++) {
            for (int i : folds.test(fold)) {
                double p = 0.2 + 0.5 * fold + 0.2 * samples.get(i).label().getAsDouble();
                forecasts[i] = Forecast.withoutInterval(1 - p, p);
            }
        }
        RepeatFigures figures = RepeatFigures.of(samples, classes, folds, forecasts);

        assertThat(figures.auc()).isEqualTo(1);
        assertThat(figures.accuracy()).isEqualTo(0.5);
        assertThat(figures.logLoss())
                .isCloseTo(-(Math.log(0.8) + Math.log(0.4) + Math.log(0.3) + Math.log(0.9)) / 4, within(1e-12));
        assertThat(figures.brier()).isCloseTo(2 * (0.04 + 0.36 + 0.49 + 0.01) / 4, within(1e-12));
        assertThat(figures.calibrationSlope()).isPositive();
        assertThat(figures.coverage90()).isNaN();
    }

    /** With its intercept, which a fold of its own does not change. */
    @Test
    void uncentredCoverageForgivesNothing() {
        Forecast[] forecasts = new Forecast[4];
        for (int fold = 0; fold < 2; fold++) {
            for (int i : folds.test(fold)) {
                forecasts[i] = forecast(0, i - 1 + fold, 0.1);
            }
        }
        EvaluatedOutcome known = new EvaluatedOutcome(Outcome.BERNOULLI, List.of(), OptionalDouble.of(-1));

        assertThat(figures(forecasts).coverage90()).isEqualTo(1);
        assertThat(figures(forecasts).coverage90Uncentred()).isNaN();
        assertThat(RepeatFigures.of(samples, known, folds, forecasts).coverage90Uncentred())
                .isEqualTo(0.5);
    }

    /** Of three classes: a constant of the bag is forgiven, and the third effect is wrong in two of three differences. */
    @Test
    void coverageOfClassesIsOfTheirDifferences() {
        EvaluatedOutcome classes =
                new EvaluatedOutcome(Outcome.CATEGORICAL, List.of("a", "b", "c"), OptionalDouble.of(0));
        List<Sample> known = new ArrayList<>();
        Forecast[] forecasts = new Forecast[6];
        for (int i = 0; i < 6; i++) {
            double[] truth = {0.1 * i, 0.2 * i, -0.3 * i};
            known.add(new Sample(
                    "s" + i,
                    "p" + i,
                    1,
                    List.of(Optional.of(new SampleLabel(i % 3, 1))),
                    new double[0],
                    Optional.empty(),
                    true,
                    OptionalDouble.empty(),
                    truth));
            double wrong = i < 3 ? 1 : -1;
            forecasts[i] = new Forecast(
                    0,
                    new double[] {0.3, 0.3, 0.4},
                    Double.NaN,
                    new double[] {truth[0] + 7 * i, truth[1] + 7 * i, truth[2] + 7 * i + wrong},
                    new double[] {0.3, 0.4, 0.3});
        }
        Folds dealt = Folds.deal(known, 2, classes, 0);
        RepeatFigures figures = RepeatFigures.of(known, classes, dealt, forecasts);

        assertThat(figures.coverage90Uncentred()).isCloseTo(1.0 / 3, within(1e-12));
    }

    /** Labels 0, 0, 1, 1, of which the last is beyond 1.645 standard deviations. */
    @Test
    void numbersHaveAPredictiveInterval() {
        EvaluatedOutcome numbers = new EvaluatedOutcome(Outcome.NORMAL, List.of());
        double[] predicted = {0.1, 0, 1, 0.8};
        Forecast[] forecasts = Arrays.stream(predicted)
                .mapToObj(mean -> Forecast.withoutEffects(mean, new double[] {mean}, 0.12))
                .toArray(Forecast[]::new);
        RepeatFigures figures = RepeatFigures.of(samples, numbers, folds, forecasts);

        assertThat(figures.labelCoverage90()).isEqualTo(0.75);
        assertThat(figures.rmse()).isCloseTo(Math.sqrt(0.05 / 4), within(1e-12));
        assertThat(figures.r2()).isCloseTo(0.95, within(1e-12));
        assertThat(figures.auc()).isNaN();
    }

    @Test
    void spreadIsOverTheRepeatsThatHaveTheFigure() {
        assertThat(Spread.of(1, 2, 3, Double.NaN)).isEqualTo(new Spread(2.0, 1.0));
        assertThat(Spread.of(4)).isEqualTo(new Spread(4.0, null));
        assertThat(Spread.of(Double.NaN)).isEqualTo(new Spread(null, null));
    }

    @Test
    void theComparisonIsPairedByRepeat() {
        List<RepeatFigures> gmil = new ArrayList<>();
        List<RepeatFigures> pooling = new ArrayList<>();
        for (double difference : new double[] {0.1, 0.2, -0.3, 0}) {
            gmil.add(RepeatFigures.ofCounts(0.5 + difference, 0, 0, 0));
            pooling.add(RepeatFigures.ofCounts(0.5, 0, 0, 0));
        }
        Comparison comparison = Comparison.of(gmil, pooling);

        assertThat(comparison.positive()).isEqualTo(0.5);
        assertThat(comparison.auc().mean()).isCloseTo(0, within(1e-12));
        assertThat(comparison.auc().sd())
                .isCloseTo(
                        Math.sqrt(Arrays.stream(new double[] {.01, .04, .09, 0}).sum() / 3), within(1e-12));
    }
}
