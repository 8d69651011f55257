package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CellMomentsTest {
    private static final int WIDTH = 90; // 32 cells in a block

    /** Bags end within a block, at its end and after several. */
    @Test
    void sumsOverBlocks() {
        Random random = new Random(3);
        CellMoments moments = new CellMoments(WIDTH, 3);
        double[] expected = new double[3 * WIDTH * (WIDTH + 1) / 2];
        for (int cells : new int[] {5, 27, 1, 100}) {
            double[] x = random.doubles((long) cells * WIDTH, -1, 1).toArray();
            double[] w = random.doubles(3L * cells, -1, 1).toArray();
            moments.add(x, w, cells);
            for (int c = 0, to = 0; c < 3; c++) {
                for (int a = 0; a < WIDTH; a++) {
                    for (int b = 0; b <= a; b++, to++) {
                        for (int i = 0; i < cells; i++) {
                            expected[to] += w[c * cells + i] * x[i * WIDTH + a] * x[i * WIDTH + b];
                        }
                    }
                }
            }
        }
        double[] actual = moments.sums();
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i]).as("sum %d", i).isCloseTo(expected[i], within(1e-10));
        }
    }
}
