package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TriangularTest {
    /** Row-major with junk above the diagonal, which must not be read. */
    private static final double[] L = {2, 99, 99, 3, 4, 99, -1, 5, 8};

    /** Σ 2ⁱ 3ⁱ = (6ⁿ − 1) / 5, for every remainder of the unrolled loop. */
    @Test
    void dotProductsOfEveryLength() {
        for (int n = 0; n <= 9; n++) {
            double[] a = new double[n + 2];
            float[] f = new float[n + 2];
            double[] b = new double[n + 1];
            for (int i = 0; i < n; i++) {
                a[i + 2] = Math.pow(2, i);
                f[i + 2] = (float) a[i + 2];
                b[i + 1] = Math.pow(3, i);
            }
            double expected = (Math.pow(6, n) - 1) / 5;
            assertThat(Triangular.dot(a, 2, b, 1, n)).as("length %d", n).isEqualTo(expected);
            assertThat(Triangular.dot(f, 2, b, 1, n)).as("length %d", n).isEqualTo(expected);
        }
    }

    @Test
    void addsAMultipleWithinItsRange() {
        double[] y = {1, 1, 1, 1};
        Triangular.axpy(-2, new double[] {7, 1, 3, 7}, 1, y, 2, 2);
        assertThat(y).containsExactly(1, 1, -1, -5);
    }

    @Test
    void solves() {
        double[] x = {2, 11, 33}; // L (1, 2, 3)
        Triangular.solve(L, 3, x);
        assertThat(x).containsExactly(1, 2, 3);
        double[] transposed = {5, 23, 24}; // Lᵀ (1, 2, 3)
        Triangular.solveTransposed(L, 3, transposed);
        assertThat(transposed).containsExactly(1, 2, 3);
    }

    @Test
    void normOfTheTransposedProduct() {
        double[] scratch = {5, 5, 5, 5};
        double norm = Triangular.squaredNormOfTransposed(L, 3, new double[] {1, 2, 3}, scratch);
        assertThat(norm).isEqualTo(5 * 5 + 23 * 23 + 24 * 24);
        assertThat(scratch[3]).isEqualTo(5);
    }

    /** Whole numbers, so every order of summation gives the same; all remainders of the rows that are taken four at once. */
    @Test
    void normOfThePackedProduct() {
        for (int n = 1; n <= 13; n++) {
            double[] packed = new double[n * (n + 1) / 2];
            double[] x = new double[n];
            double expected = 0;
            for (int i = 0, k = 0; i < n; i++) {
                x[i] = i % 5 - 1.0;
                double y = 0;
                for (int j = 0; j <= i; j++, k++) {
                    packed[k] = k % 7 - 2.0;
                    y += packed[k] * x[j];
                }
                expected += y * y;
            }
            assertThat(Triangular.squaredNormOfProduct(packed, n, x))
                    .as("dimension %d", n)
                    .isEqualTo(expected);
        }
    }

    @Test
    void packsByRows() {
        assertThat(Triangular.pack(L, 3)).containsExactly(2, 3, 4, -1, 5, 8);
    }
}
