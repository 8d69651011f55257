package io.gmil.model;

import java.util.Arrays;

/**
 * |L⁻¹J|² of many J at once, in the order of additions of {@link ColumnForm} and so with its bits. The inner loops go over
 * the bags, which are many, not over what is left of a column, and take a third of the time at D = 61.
 */
final class BagForm {
    /** As many as {@link ColumnForm} takes together. */
    private static final int COLUMNS = 4;

    /** Sums of squares side by side, as there. */
    private static final int SUMS = 8;

    private final int capacity;

    /** J by column (D × bags). */
    private final double[][] gradients;

    private final double[] product;
    private final double[][] squares;

    /** @param d D */
    BagForm(int d, int capacity) {
        this.capacity = capacity;
        this.gradients = new double[d][capacity];
        this.product = new double[capacity];
        this.squares = new double[SUMS][capacity];
    }

    int capacity() {
        return capacity;
    }

    /**
     * @param columns those of L⁻¹ (D × D)
     * @param j J by bag
     */
    void of(double[][] columns, double[][] j, int count, double[] out) {
        int d = columns.length;
        for (int k = 0; k < d; k++) {
            double[] column = gradients[k];
            for (int n = 0; n < count; n++) {
                column[n] = j[n][k];
            }
        }
        for (double[] sums : squares) {
            Arrays.fill(sums, 0, count, 0);
        }
        int blocks = d - d % COLUMNS;
        int lanes = d - d % SUMS;
        for (int i = 0; i < d; i++) {
            row(columns, i, blocks, count);
            if (i < lanes) {
                addSquares(squares[i % SUMS], count);
            } else {
                addLastSquares(squares[0], count);
            }
        }
        for (int n = 0; n < count; n++) {
            out[n] = squares[0][n]
                    + squares[1][n]
                    + (squares[2][n] + squares[3][n])
                    + (squares[4][n] + squares[5][n] + (squares[6][n] + squares[7][n]));
        }
    }

    /** Row i of L⁻¹ times J of every bag. */
    private void row(double[][] columns, int i, int blocks, int count) {
        Arrays.fill(product, 0, count, 0);
        int k = 0;
        for (; k <= i && k < blocks; k += COLUMNS) {
            addFour(k, columns[k][i], columns[k + 1][i], columns[k + 2][i], columns[k + 3][i], count);
        }
        for (; k <= i; k++) {
            addOne(gradients[k], columns[k][i], count);
        }
    }

    private void addFour(int k, double c0, double c1, double c2, double c3, int count) {
        double[] y = product;
        double[] j0 = gradients[k];
        double[] j1 = gradients[k + 1];
        double[] j2 = gradients[k + 2];
        double[] j3 = gradients[k + 3];
        for (int n = 0; n < count; n++) {
            y[n] = Math.fma(j0[n], c0, Math.fma(j1[n], c1, Math.fma(j2[n], c2, Math.fma(j3[n], c3, y[n]))));
        }
    }

    private void addOne(double[] j, double c, int count) {
        double[] y = product;
        for (int n = 0; n < count; n++) {
            y[n] += j[n] * c;
        }
    }

    private void addSquares(double[] sums, int count) {
        double[] y = product;
        for (int n = 0; n < count; n++) {
            sums[n] = Math.fma(y[n], y[n], sums[n]);
        }
    }

    /** Those that do not fill all sums. */
    private void addLastSquares(double[] sums, int count) {
        double[] y = product;
        for (int n = 0; n < count; n++) {
            sums[n] += y[n] * y[n];
        }
    }
}
