package io.gmil.cli.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DistortionTest {
    private static final int WIDTH = 4;

    private final float[] cells = cells(4000);

    private static float[] cells(int count) {
        Random random = new Random(1);
        float[] values = new float[count * WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(WIDTH));
        }
        return values;
    }

    private static double product(float[] a, int atA, float[] b, int atB) {
        double sum = 0;
        for (int q = 0; q < WIDTH; q++) {
            sum += a[atA + q] * b[atB + q];
        }
        return sum;
    }

    @Test
    void noiseHasItsShareOfAVarianceThatStays() {
        float[] noisy = Distortion.noise(0.36).of(cells, WIDTH, true, 3);

        double squares = 0;
        double withTruth = 0;
        for (int i = 0; i < cells.length; i++) {
            squares += noisy[i] * noisy[i];
            withTruth += noisy[i] * cells[i];
        }
        assertThat(squares / cells.length).isCloseTo(0.25, within(0.01));
        assertThat(withTruth / cells.length).isCloseTo(0.25 * 0.8, within(0.01));
    }

    @Test
    void aRotationKeepsLengthsAndAngles() {
        float[] rotated = Distortion.rotation(WIDTH, 5).of(cells, WIDTH, true, 0);

        assertThat(product(rotated, 0, rotated, 0)).isCloseTo(product(cells, 0, cells, 0), within(1e-5));
        assertThat(product(rotated, 0, rotated, WIDTH)).isCloseTo(product(cells, 0, cells, WIDTH), within(1e-5));
        assertThat(product(rotated, 0, cells, 0)).isNotCloseTo(product(cells, 0, cells, 0), within(1e-3));
    }

    /** Linear, the same for all bags, of the same variance, and no rotation. */
    @Test
    void aMixtureIsLinearAndMayLoseDimensions() {
        float[] mixed = Distortion.mixture(WIDTH, 2, 5).of(cells, WIDTH, true, 0);
        assertThat(mixed)
                .hasSize(cells.length / 2)
                .isEqualTo(Distortion.mixture(WIDTH, 2, 5).of(cells, WIDTH, false, 1));

        float[] sum = new float[WIDTH];
        for (int q = 0; q < WIDTH; q++) {
            sum[q] = cells[q] + cells[WIDTH + q];
        }
        float[] ofSum = Distortion.mixture(WIDTH, 2, 5).of(sum, WIDTH, true, 0);
        assertThat(ofSum[1]).isCloseTo(mixed[1] + mixed[3], within(1e-5f));
        float[] all = Distortion.mixture(WIDTH, WIDTH, 5).of(cells, WIDTH, true, 0);
        assertThat(product(all, 0, all, 0)).isNotCloseTo(product(cells, 0, cells, 0), within(1e-3));
    }

    @Test
    void aDoubletIsHalfItself() {
        float[] doubled = Distortion.doublets(0.25).of(cells, WIDTH, true, 3);

        int doublets = 0;
        double squares = 0;
        double withTruth = 0;
        for (int row = 0; row < cells.length; row += WIDTH) {
            if (doubled[row] != cells[row]) {
                doublets++;
                squares += product(doubled, row, doubled, row);
                withTruth += product(doubled, row, cells, row);
            }
        }
        assertThat(doublets / 4000.0).isCloseTo(0.25, within(0.03));
        assertThat(squares / doublets).isCloseTo(0.5, within(0.05));
        assertThat(withTruth / doublets).isCloseTo(0.5, within(0.05));
    }

    @Test
    void furtherDimensionsComeAfterTheTrueOnes() {
        float[] wider = Distortion.furtherDimensions(2).of(cells, WIDTH, true, 0);

        assertThat(wider).hasSize(cells.length / WIDTH * (WIDTH + 2));
        assertThat(wider[WIDTH + 2]).isEqualTo(cells[WIDTH]);
        assertThat(wider[WIDTH + 2 + WIDTH]).isNotZero().isNotEqualTo(wider[WIDTH]);
    }

    @Test
    void anotherBatchIsThatOfAllTestBagsAndOfNoTrainingBag() {
        Distortion batch = Distortion.testBatch(WIDTH, 0.5, 0.25, 9);

        assertThat(batch.of(cells, WIDTH, true, 1)).isEqualTo(cells);
        float[] test = batch.of(cells, WIDTH, false, 1);
        assertThat(test).isNotEqualTo(cells).isEqualTo(batch.of(cells, WIDTH, false, 2));
        double factor = (test[WIDTH] - test[0]) / (cells[WIDTH] - cells[0]);
        assertThat(test[2 * WIDTH] - test[0])
                .isCloseTo((float) (factor * (cells[2 * WIDTH] - cells[0])), within(1e-5f));
    }
}
