package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** One numeric test for both implementations. */
class LinearAlgebraTest {
    private final Random random = new Random(3);
    private final List<LinearAlgebra> both = List.of(new EjmlAlgebra(), new Nd4jAlgebra());

    @Test
    void factorisesAndInverts() {
        both.forEach(Nd4jSelfTest::test);
    }

    @Test
    void refusesAMatrixThatIsNotPositiveDefinite() {
        for (LinearAlgebra algebra : both) {
            assertThat(algebra.cholesky(new double[] {1, 0, 2, 1}, 2)).isFalse();
            assertThat(algebra.cholesky(new double[] {Double.NaN, 0, 2, 1}, 2)).isFalse();
            assertThat(algebra.cholesky(new double[] {1, 0, 0.5, 1}, 2)).isTrue();
        }
    }

    @Test
    void removedRowsCancelAddedOnes() {
        int n = 40;
        double[] rows = random.doubles(6L * n, -1, 1).toArray();
        System.arraycopy(rows, 0, rows, 3 * n, 3 * n);
        for (LinearAlgebra algebra : both) {
            double[] a = new double[n * n];
            algebra.addOuterProducts(rows, new double[] {1, 1, 1, -1, -1, -1}, 6, n, a);
            assertThat(a).usingComparatorWithPrecision(1e-14).containsOnly(0.0);
        }
    }

    @Test
    void tilesMultiply() {
        int width = 33;
        int columns = 16;
        int rows = 203;
        float[] values = Bags.cells(random, rows, width);
        double[] mean = random.doubles(width, -1, 1).toArray();
        double[] parameters = random.doubles((long) columns * width, -1, 1).toArray();
        for (LinearAlgebra algebra : both) {
            CellTile tile = algebra.tile(mean, columns);
            tile.append(values, 0, 3);
            tile.append(values, 3, rows - 3);
            double[] projected = new double[tile.capacity() * columns];
            tile.project(parameters, columns, projected);
            double[] sums = new double[columns * width];
            Arrays.fill(sums, Double.NaN);
            tile.accumulate(weights(projected, rows, columns, 1, 150), columns, 1, 150, false, sums);
            double expected = 0;
            for (int i = 1; i < 150; i++) {
                double dot = 0;
                for (int q = 0; q < width; q++) {
                    dot += (values[i * width + q] - mean[q]) * parameters[2 * width + q];
                }
                assertThat(projected[2 * rows + i]).isCloseTo(dot, within(1e-9));
                expected += dot * (values[i * width + 5] - mean[5]);
            }
            assertThat(sums[2 * width + 5]).isCloseTo(expected, within(1e-6));
            tile.accumulate(weights(projected, rows, columns, 1, 150), columns, 1, 150, true, sums);
            assertThat(sums[2 * width + 5]).isCloseTo(2 * expected, within(1e-6));
            tile.accumulate(weights(projected, rows, columns, 1, 150), columns, 1, 150, false, sums);
            assertThat(sums[2 * width + 5]).isCloseTo(expected, within(1e-6));
        }
    }

    /** Fewer columns than the tile was made for, odd ones among them, and rows appended in several parts. */
    @Test
    void tilesMultiplyByAnyNumberOfColumns() {
        int width = 5;
        int rows = 11;
        float[] values = Bags.cells(random, rows, width);
        double[] mean = new double[width];
        for (LinearAlgebra algebra : both) {
            CellTile tile = algebra.tile(mean, 4);
            tile.append(values, 7, 4);
            tile.clear();
            tile.append(values, 0, 4);
            tile.append(values, 4, 1);
            tile.append(values, 5, 6);
            assertThat(tile.rows()).isEqualTo(rows);
            for (int columns = 1; columns <= 4; columns++) {
                double[] parameters =
                        random.doubles((long) columns * width, -1, 1).toArray();
                double[] projected = new double[rows * columns];
                tile.project(parameters, columns, projected);
                double[] sums = new double[columns * width];
                tile.accumulate(weights(projected, rows, columns, 2, rows - 1), columns, 2, rows - 1, true, sums);
                assertProducts(values, parameters, width, projected, sums);
            }
        }
    }

    /** The projections of the rows {@code from} to {@code to}. */
    private static double[] weights(double[] projected, int rows, int columns, int from, int to) {
        double[] weights = new double[columns * (to - from)];
        for (int c = 0; c < columns; c++) {
            System.arraycopy(projected, c * rows + from, weights, c * (to - from), to - from);
        }
        return weights;
    }

    private static void assertProducts(float[] x, double[] p, int width, double[] projected, double[] sums) {
        int columns = p.length / width;
        int rows = x.length / width;
        double[] expected = new double[sums.length];
        for (int i = 0; i < rows; i++) {
            for (int c = 0; c < columns; c++) {
                double dot = 0;
                for (int q = 0; q < width; q++) {
                    dot += x[i * width + q] * p[c * width + q];
                }
                assertThat(projected[c * rows + i]).isCloseTo(dot, within(1e-10));
                for (int q = 0; q < width && i >= 2 && i < rows - 1; q++) {
                    expected[c * width + q] += dot * x[i * width + q];
                }
            }
        }
        assertThat(sums).usingComparatorWithPrecision(1e-8).containsExactly(expected);
    }

    /** One instance after the other dimension, and with more rows than before. */
    @Test
    void dimensionsMayChange() {
        for (LinearAlgebra algebra : both) {
            for (int n : new int[] {2, 5, 2, 3}) {
                for (int count : new int[] {1, 7, 3}) {
                    double[] rows = random.doubles((long) count * n, -1, 1).toArray();
                    double[] signs = new double[count];
                    Arrays.setAll(signs, k -> k % 3 == 1 ? -1 : 1);
                    double[] a = new double[n * n];
                    Arrays.fill(a, 2);
                    algebra.addOuterProducts(rows, signs, count, n, a);
                    for (int i = 0; i < n; i++) {
                        for (int j = 0; j <= i; j++) {
                            double expected = 2;
                            for (int k = 0; k < count; k++) {
                                expected += signs[k] * rows[k * n + i] * rows[k * n + j];
                            }
                            assertThat(a[i * n + j]).isCloseTo(expected, within(1e-12));
                        }
                    }
                }
            }
        }
    }

    @Test
    void factorsByHand() {
        for (LinearAlgebra algebra : both) {
            double[] a = {4, 0, 0, 2, 10, 0, -4, 7, 30};
            assertThat(algebra.cholesky(a, 3)).isTrue();
            assertThat(Triangular.pack(a, 3))
                    .usingComparatorWithPrecision(1e-12)
                    .containsExactly(2, 1, 3, -2, 3, Math.sqrt(17));
            algebra.invertLower(a, 3);
            double root = Math.sqrt(17);
            assertThat(Triangular.pack(a, 3))
                    .usingComparatorWithPrecision(1e-12)
                    .containsExactly(0.5, -1 / 6.0, 1 / 3.0, 1.5 / root, -1 / root, 1 / root);
        }
        assertThatThrownBy(() -> new Nd4jAlgebra().invertLower(new double[] {1, 0, 2, 0}, 2))
                .hasMessage("triangle: expected a diagonal without 0, got 0 at 1");
    }

    @Test
    void nativeFromLargeDimensions() {
        assertThat(LinearAlgebra.forDimension(31)).isInstanceOf(EjmlAlgebra.class);
        assertThat(LinearAlgebra.forDimension(32)).isInstanceOf(Nd4jAlgebra.class);
    }
}
