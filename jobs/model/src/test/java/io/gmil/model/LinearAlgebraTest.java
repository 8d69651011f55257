package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

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
        double[] parameters = random.doubles((long) columns * width, -1, 1).toArray();
        for (LinearAlgebra algebra : both) {
            CellTile tile = algebra.tile(width, columns);
            tile.append(values, 0, 3);
            tile.append(values, 3, rows - 3);
            double[] projected = new double[tile.capacity() * columns];
            tile.project(parameters, columns, projected);
            double[] sums = new double[columns * width];
            tile.accumulate(projected, columns, 1, 150, sums);
            double expected = 0;
            for (int i = 1; i < 150; i++) {
                double dot = 0;
                for (int q = 0; q < width; q++) {
                    dot += values[i * width + q] * parameters[2 * width + q];
                }
                assertThat(projected[i * columns + 2]).isCloseTo(dot, within(1e-9));
                expected += dot * values[i * width + 5];
            }
            assertThat(sums[2 * width + 5]).isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void brokenLibraryIsNamed() {
        LinearAlgebra broken = new LinearAlgebra() {
            private final LinearAlgebra sound = new EjmlAlgebra();

            @Override
            public void addOuterProducts(double[] rows, double[] signs, int count, int n, double[] a) {
                sound.addOuterProducts(rows, signs, count, n, a);
            }

            @Override
            public boolean cholesky(double[] a, int n) {
                sound.cholesky(a, n);
                a[(n - 1) * n] += 1e-3;
                return true;
            }

            @Override
            public void invertLower(double[] l, int n) {
                sound.invertLower(l, n);
            }

            @Override
            public CellTile tile(int width, int columns) {
                return sound.tile(width, columns);
            }
        };
        assertThatThrownBy(() -> Nd4jSelfTest.test(broken))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("OpenBLAS is broken on this processor: dpotrf is off by");
    }

    @Test
    void nativeFromLargeDimensions() {
        assertThat(LinearAlgebra.forDimension(127)).isInstanceOf(EjmlAlgebra.class);
        assertThat(LinearAlgebra.forDimension(128)).isInstanceOf(Nd4jAlgebra.class);
    }
}
