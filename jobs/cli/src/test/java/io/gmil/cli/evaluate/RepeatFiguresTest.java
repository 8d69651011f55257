package io.gmil.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cohort.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Against values worked out by hand. */
class RepeatFiguresTest {

    private static Sample sample(int id, double label, double effect) {
        return new Sample(
                "s" + id, "p" + id, 1, OptionalDouble.of(label), new double[0], true, OptionalDouble.of(effect));
    }

    /** Four samples in two folds, one of each class in each. */
    private final List<Sample> samples = List.of(sample(0, 0, 0), sample(1, 0, 1), sample(2, 1, 2), sample(3, 1, 3));

    private final Folds folds = Folds.deal(samples, 2, 1, 0);

    private RepeatFigures figures(Forecast... forecasts) {
        return RepeatFigures.of(samples, 1, folds, forecasts);
    }

    @Test
    void aucIsTheMeanOverFoldsSoThatFoldsOfDifferentLevelDoNotMatter() {
        Forecast[] forecasts = new Forecast[4];
        for (int fold = 0; fold < 2; fold++) {
            for (int i : folds.test(fold)) {
                // Perfect in each fold; pooled, a failure of the second fold would beat a success of the first.
                forecasts[i] = new Forecast(fold * 10 + samples.get(i).label().getAsDouble(), 0.5, 0, 1);
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
                forecasts[i] = new Forecast(0, 0.5, i + 100 * fold, 0.1);
            }
        }
        assertThat(figures(forecasts).coverage90()).isEqualTo(1);
        int moved = folds.test(0)[0];
        forecasts[moved] = new Forecast(0, 0.5, moved + 1, 0.1);
        assertThat(figures(forecasts).coverage90()).isEqualTo(0.5);
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
            gmil.add(new RepeatFigures(0.5 + difference, 0, 0, 0, 0));
            pooling.add(new RepeatFigures(0.5, 0, 0, 0, 0));
        }
        EvaluationReport.Comparison comparison = EvaluationReport.Comparison.of(gmil, pooling);

        assertThat(comparison.positive()).isEqualTo(0.5);
        assertThat(comparison.auc().mean()).isCloseTo(0, within(1e-12));
        assertThat(comparison.auc().sd())
                .isCloseTo(
                        Math.sqrt(Arrays.stream(new double[] {.01, .04, .09, 0}).sum() / 3), within(1e-12));
    }
}
