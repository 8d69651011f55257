package io.gmil.model;

import java.util.Arrays;

/** A {@link CellTile} in a Java array; products blocked so that accumulators stay in registers. */
final class JavaTile implements CellTile {
    /** Rows that one loop appends: a loop for each of them would cost more than what it does. */
    private static final int ROWS_AT_ONCE = 16;

    private final int width;
    private final int capacity;
    private final double[] x;

    /** The mean again and again, for {@value #ROWS_AT_ONCE} rows. */
    private final double[] means;

    private int rows;

    /** @param mean to be taken off the cells (Q) */
    JavaTile(double[] mean, int capacity) {
        this.width = mean.length;
        this.capacity = capacity;
        this.x = new double[capacity * width];
        this.means = new double[ROWS_AT_ONCE * width];
        for (int row = 0; row < ROWS_AT_ONCE; row++) {
            System.arraycopy(mean, 0, means, row * width, width);
        }
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public void clear() {
        rows = 0;
    }

    /** X as held, row-major. */
    double[] values() {
        return x;
    }

    @Override
    public void append(float[] values, int from, int count) {
        for (int done = 0; done < count; done += ROWS_AT_ONCE) {
            int n = Math.min(ROWS_AT_ONCE, count - done) * width;
            append(values, (from + done) * width, (rows + done) * width, n);
        }
        rows += count;
    }

    private void append(float[] values, int source, int at, int n) {
        for (int i = 0; i < n; i++) {
            x[at + i] = values[source + i] - means[i];
        }
    }

    /** Appends {@code count} rows of {@code values} from row {@code from} as they are; they must fit. */
    void append(double[] values, int from, int count) {
        System.arraycopy(values, from * width, x, rows * width, count * width);
        rows += count;
    }

    @Override
    public void project(double[] parameters, int columns, double[] out) {
        int i = 0;
        for (; i + 3 < rows; i += 4) {
            int c = 0;
            for (; c + 1 < columns; c += 2) {
                fourByTwo(i, parameters, c, out);
            }
            for (; c < columns; c++) {
                for (int k = i; k < i + 4; k++) {
                    out[c * rows + k] = Triangular.dot(x, k * width, parameters, c * width, width);
                }
            }
        }
        for (; i < rows; i++) {
            for (int c = 0; c < columns; c++) {
                out[c * rows + i] = Triangular.dot(x, i * width, parameters, c * width, width);
            }
        }
    }

    /** Four cells times two parameter rows: eight accumulators for six loads. */
    private void fourByTwo(int i, double[] p, int c, double[] out) {
        int x0 = i * width;
        int x1 = x0 + width;
        int x2 = x1 + width;
        int x3 = x2 + width;
        int pa = c * width;
        int pb = pa + width;
        double a0 = 0;
        double a1 = 0;
        double a2 = 0;
        double a3 = 0;
        double b0 = 0;
        double b1 = 0;
        double b2 = 0;
        double b3 = 0;
        for (int q = 0; q < width; q++) {
            double a = p[pa + q];
            double b = p[pb + q];
            a0 += x[x0 + q] * a;
            a1 += x[x1 + q] * a;
            a2 += x[x2 + q] * a;
            a3 += x[x3 + q] * a;
            b0 += x[x0 + q] * b;
            b1 += x[x1 + q] * b;
            b2 += x[x2 + q] * b;
            b3 += x[x3 + q] * b;
        }
        int toA = c * rows + i;
        out[toA] = a0;
        out[toA + 1] = a1;
        out[toA + 2] = a2;
        out[toA + 3] = a3;
        int toB = toA + rows;
        out[toB] = b0;
        out[toB + 1] = b1;
        out[toB + 2] = b2;
        out[toB + 3] = b3;
    }

    @Override
    public void accumulate(double[] weights, int columns, int from, int to, boolean add, double[] sums) {
        int count = to - from;
        if (!add) {
            Arrays.fill(sums, 0, columns * width, 0);
        }
        for (int c = 0; c < columns; c++) {
            int w = c * count;
            int i = 0;
            for (; i + 7 < count; i += 8) {
                eightRows((from + i) * width, weights, w + i, sums, c * width);
            }
            for (; i < count; i++) {
                Triangular.axpy(weights[w + i], x, (from + i) * width, sums, c * width, width);
            }
        }
    }

    /** sums += w0 x_i + … + w7 x_{i+7}: sums are loaded and stored once for eight products. */
    private void eightRows(int x0, double[] w, int i, double[] sums, int at) {
        double w0 = w[i];
        double w1 = w[i + 1];
        double w2 = w[i + 2];
        double w3 = w[i + 3];
        double w4 = w[i + 4];
        double w5 = w[i + 5];
        double w6 = w[i + 6];
        double w7 = w[i + 7];
        int x1 = x0 + width;
        int x2 = x1 + width;
        int x3 = x2 + width;
        int x4 = x3 + width;
        int x5 = x4 + width;
        int x6 = x5 + width;
        int x7 = x6 + width;
        for (int q = 0; q < width; q++) {
            sums[at + q] += w0 * x[x0 + q]
                    + w1 * x[x1 + q]
                    + (w2 * x[x2 + q] + w3 * x[x3 + q])
                    + (w4 * x[x4 + q] + w5 * x[x5 + q] + (w6 * x[x6 + q] + w7 * x[x7 + q]));
        }
    }
}
