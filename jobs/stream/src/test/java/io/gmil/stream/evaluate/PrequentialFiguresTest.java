package io.gmil.stream.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gmil.model.Scores;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PrequentialFiguresTest {

    private static final int WINDOW = 40;
    private static final int BAGS = 500;

    /** Predictions that are nearly equal may be counted as equal. */
    private static final double AUC_TOLERANCE = 2e-3;

    private final double[] probability = new double[BAGS];
    private final double[] successes = new double[BAGS];
    private final double[] trials = new double[BAGS];

    PrequentialFiguresTest() {
        Random random = new Random(5);
        for (int i = 0; i < BAGS; i++) {
            probability[i] = 1 / (1 + Math.exp(-2 * random.nextGaussian()));
            trials[i] = 1 + random.nextInt(3);
            for (int trial = 0; trial < trials[i]; trial++) {
                successes[i] += random.nextDouble() < probability[i] ? 1 : 0;
            }
        }
    }

    @Test
    void figuresAreThoseOfAllBags() {
        PrequentialFigures figures = counted(BAGS);

        assertThat(figures.scored()).isEqualTo(BAGS);
        assertThat(figures.auc()).isCloseTo(Scores.auc(probability, successes, trials), within(AUC_TOLERANCE));
        assertThat(figures.logLoss()).isCloseTo(Scores.logLoss(probability, successes, trials), within(1e-12));
        assertThat(figures.brier()).isCloseTo(Scores.brier(probability, successes, trials), within(1e-12));
    }

    @Test
    void theWindowIsTheLastBags() {
        PrequentialFigures last = counted(BAGS).lastWindow();
        double[] p = last(probability);
        double[] y = last(successes);
        double[] n = last(trials);

        assertThat(last.scored()).isEqualTo(WINDOW);
        assertThat(last.auc()).isCloseTo(Scores.auc(p, y, n), within(AUC_TOLERANCE));
        assertThat(last.logLoss()).isCloseTo(Scores.logLoss(p, y, n), within(1e-12));
        assertThat(last.brier()).isCloseTo(Scores.brier(p, y, n), within(1e-12));
        assertThat(counted(3).lastWindow().scored()).isEqualTo(3);
    }

    private static double[] last(double[] values) {
        return Arrays.copyOfRange(values, BAGS - WINDOW, BAGS);
    }

    @Test
    void thereIsNoAucOfOneClass() {
        PrequentialFigures figures = new PrequentialFigures(WINDOW);
        assertThat(figures.auc()).isNull();
        figures.add(0.4, 1, 1);
        figures.add(0.6, 1, 1);
        assertThat(figures.auc()).isNull();
        figures.add(0.5, 0, 1);
        assertThat(figures.auc()).isEqualTo(0.5);
    }

    @Test
    void certainPredictionsStayFinite() {
        PrequentialFigures figures = new PrequentialFigures(WINDOW);
        figures.add(0, 1, 1);
        figures.add(1, 0, 1);
        assertThat(figures.auc()).isZero();
        assertThat(figures.logLoss()).isFinite().isGreaterThan(20);
        assertThat(figures.brier()).isEqualTo(1);
    }

    @Test
    void calibrationComparesProbabilitiesWithFrequencies() {
        PrequentialFigures figures = new PrequentialFigures(WINDOW);
        figures.add(0.25, 1, 4);
        assertThat(figures.calibrationError()).isCloseTo(0, within(1e-15));
        figures.add(0.95, 1, 4);
        assertThat(figures.calibrationError()).isCloseTo((4 * 0.95 - 1) / 8, within(1e-15));
    }

    @Test
    void bytesRestoreEverything() {
        PrequentialFigures figures = counted(100);
        PrequentialFigures restored = PrequentialFigures.fromBytes(figures.toBytes(), WINDOW);
        assertThat(restored.toBytes()).isEqualTo(figures.toBytes());

        for (int i = 100; i < BAGS; i++) {
            restored.add(probability[i], successes[i], (int) trials[i]);
        }
        assertThat(restored.toBytes()).isEqualTo(counted(BAGS).toBytes());
        assertThat(restored.lastWindow().logLoss())
                .isEqualTo(counted(BAGS).lastWindow().logLoss());
    }

    @Test
    void bytesOfAnotherFormatAreRefused() {
        byte[] bytes = counted(1).toBytes();
        bytes[0] = 9;
        assertThatThrownBy(() -> PrequentialFigures.fromBytes(bytes, WINDOW))
                .hasMessage("prequential figures: expected format 1, got 9");
    }

    private PrequentialFigures counted(int bags) {
        PrequentialFigures figures = new PrequentialFigures(WINDOW);
        for (int i = 0; i < bags; i++) {
            figures.add(probability[i], successes[i], (int) trials[i]);
        }
        return figures;
    }
}
