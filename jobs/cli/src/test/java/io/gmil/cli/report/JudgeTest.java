package io.gmil.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cohort.Sample;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class JudgeTest {

    private static final List<Sample> SAMPLES = List.of(
            sample(0, true, 0), sample(1, true, 0), sample(0, false, -1), sample(1, false, 0.5), sample(2, false, 2));

    private static final double[] PROBABILITY = {0.25, 0.75, 0.2, 0.5, 0.9};
    private static final double[] EFFECT = {0, 0, -2, 3, 1};

    private static Sample sample(double label, boolean training, double effect) {
        return new Sample("s", "p", 2, OptionalDouble.of(label), new double[0], training, OptionalDouble.of(effect));
    }

    private static BagScore score(int sample) {
        return new BagScore(PROBABILITY[sample], EFFECT[sample]);
    }

    @Test
    void testFiguresAreOfSamplesThatWereNotLearnt() {
        Figures figures = new Judge(SAMPLES, 2, i -> null).test(JudgeTest::score, i -> null);

        // Trials: 0/2 at .2, 1/2 at .5, 2/2 at .9; the only tied pair is within the second bag.
        assertThat(figures.auc()).isCloseTo((2 * 3 + 2 + 0.5) / 9, within(1e-12));
        assertThat(figures.brier()).isCloseTo((2 * 0.04 + 2 * 0.25 + 2 * 0.01) / 6, within(1e-12));
        assertThat(figures.logLoss())
                .isCloseTo(-(2 * Math.log(0.8) + 2 * Math.log(0.5) + 2 * Math.log(0.9)) / 6, within(1e-12));
        assertThat(figures.rhoBag()).isCloseTo(0.5, within(1e-12));
        assertThat(figures.aucInstance()).isNull();
    }

    @Test
    void prequentialFiguresAreOfTrainingSamples() {
        Summary.Prequential figures = new Judge(SAMPLES, 1, i -> null).prequential(JudgeTest::score);

        assertThat(figures.auc()).isEqualTo(1);
        assertThat(figures.brier()).isCloseTo(0.0625, within(1e-12));
    }

    @Test
    void attentionIsJudgedOverTheCellsOfAllTestSamples() {
        float[][] known = {null, null, {.1f, .9f}, {.4f, .6f}, {.5f, .5f}};
        float[][] estimated = {null, null, {.3f, .7f}, {.2f, .8f}, {.5f, .5f}};

        Figures figures = new Judge(SAMPLES, 2, i -> known[i]).test(JudgeTest::score, i -> estimated[i]);

        // One cell is in the top tenth; four of the five others rank below it.
        assertThat(figures.aucInstance()).isCloseTo(0.8, within(1e-12));
    }

    @Test
    void withoutPredictionsNothingIsKnown() {
        assertThat(new Judge(SAMPLES, 2, i -> null).test(i -> null, i -> null))
                .isEqualTo(new Figures(null, null, null, null, null));
        assertThat(new Judge(SAMPLES, 2, i -> null).prequential(i -> null))
                .isEqualTo(new Summary.Prequential(null, null, null));
    }
}
