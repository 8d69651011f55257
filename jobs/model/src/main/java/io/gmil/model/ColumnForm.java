package io.gmil.model;

import java.util.Arrays;

/**
 * |L⁻¹J|² from the columns of L⁻¹, each an array of its own: only then are all accesses of a loop known not to overlap, and
 * it is compiled to vector instructions. A third less time than by rows at D = 61.
 */
final class ColumnForm implements QuadraticForm {
    private final double[][] columns;
    private final double[] product;

    /**
     * @param inverse L⁻¹ by rows, the lower triangle
     * @param d D
     * @param packed whether row i takes i + 1 places, not D
     */
    ColumnForm(double[] inverse, int d, boolean packed) {
        this.columns = new double[d][d];
        this.product = new double[d];
        for (int i = 0, row = 0; i < d; i++, row += packed ? i : d) {
            for (int j = 0; j <= i; j++) {
                columns[j][i] = inverse[row + j];
            }
        }
    }

    @Override
    public double of(double[] j) {
        Arrays.fill(product, 0);
        int k = 0;
        for (; k + 3 < columns.length; k += 4) {
            addFour(k, j);
        }
        for (; k < columns.length; k++) {
            addOne(k, j[k]);
        }
        return squares(product, 0, product.length);
    }

    @Override
    public void of(double[][] j, int count, double[] out, BagForms together) {
        BagForm bags = together.of(columns.length, count);
        if (bags == null) {
            QuadraticForm.super.of(j, count, out, together);
        } else {
            bags.of(columns, j, count, out);
        }
    }

    /** Those of L⁻¹, 0 above the diagonal; not to be written. */
    double[][] columns() {
        return columns;
    }

    /**
     * |y|² of n values. Eight sums, since an addition waits for the one before it.
     *
     * @param from where y begins
     */
    static double squares(double[] y, int from, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        int i = from;
        int end = from + n;
        for (; i + 7 < end; i += 8) {
            s0 = Math.fma(y[i], y[i], s0);
            s1 = Math.fma(y[i + 1], y[i + 1], s1);
            s2 = Math.fma(y[i + 2], y[i + 2], s2);
            s3 = Math.fma(y[i + 3], y[i + 3], s3);
            s4 = Math.fma(y[i + 4], y[i + 4], s4);
            s5 = Math.fma(y[i + 5], y[i + 5], s5);
            s6 = Math.fma(y[i + 6], y[i + 6], s6);
            s7 = Math.fma(y[i + 7], y[i + 7], s7);
        }
        for (; i < end; i++) {
            s0 += y[i] * y[i];
        }
        return s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
    }

    /**
     * Four columns: with more of them the compiler does not unroll the loop, with fewer it loads the sums more often. They are
     * added in their order, as {@link BagForm} has to.
     */
    private void addFour(int k, double[] j) {
        double[] y = product;
        double[] c0 = columns[k];
        double[] c1 = columns[k + 1];
        double[] c2 = columns[k + 2];
        double[] c3 = columns[k + 3];
        double j0 = j[k];
        double j1 = j[k + 1];
        double j2 = j[k + 2];
        double j3 = j[k + 3];
        for (int i = k; i < y.length; i++) {
            y[i] = Math.fma(j3, c3[i], Math.fma(j2, c2[i], Math.fma(j1, c1[i], Math.fma(j0, c0[i], y[i]))));
        }
    }

    private void addOne(int k, double value) {
        double[] y = product;
        double[] column = columns[k];
        for (int i = k; i < y.length; i++) {
            y[i] = Math.fma(value, column[i], y[i]);
        }
    }
}
