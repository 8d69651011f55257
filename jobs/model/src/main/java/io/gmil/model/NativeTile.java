package io.gmil.model;

import java.util.Arrays;
import org.bytedeco.openblas.global.openblas;

/**
 * A stack of cells whose products go to the native library when they are large enough to pay for the call: to ND4J's
 * OpenBLAS directly, since ND4J spends 20 µs on each call.
 */
final class NativeTile implements CellTile {
    /** Products of X and P below which a call costs more than it saves. */
    private static final int WORTH_A_PRODUCT = 1 << 12;

    private static final int WORTH_A_BAG = 1 << 8;

    private final int width;
    private final JavaTile java;
    private final NativeMatrix cells;
    private final NativeMatrix parameters;
    private final NativeMatrix projected;
    private final NativeMatrix sums;

    /** The P last handed over, as it came and transposed. */
    private final double[] rowMajor;

    private final double[] columnMajor;
    private int handedOverParameters;
    private boolean handedOver;

    NativeTile(double[] mean, int maxColumns, int capacity) {
        this.width = mean.length;
        this.rowMajor = new double[maxColumns * width];
        this.columnMajor = new double[maxColumns * width];
        this.java = new JavaTile(mean, capacity);
        this.cells = new NativeMatrix(width, capacity);
        this.parameters = new NativeMatrix(width, maxColumns);
        this.projected = new NativeMatrix(maxColumns, capacity);
        this.sums = new NativeMatrix(width, maxColumns);
    }

    @Override
    public int capacity() {
        return java.capacity();
    }

    @Override
    public int rows() {
        return java.rows();
    }

    @Override
    public void clear() {
        java.clear();
    }

    /** X as held, row-major. */
    double[] values() {
        return java.values();
    }

    @Override
    public void append(float[] values, int from, int rows) {
        java.append(values, from, rows);
    }

    @Override
    public void project(double[] p, int columns, double[] out) {
        handedOver = (long) rows() * width * columns >= WORTH_A_PRODUCT;
        if (!handedOver) {
            java.project(p, columns, out);
            return;
        }
        cells.put(java.values(), 0, 0, rows() * width);
        handOver(p, columns);
        openblas.cblas_dgemm(
                openblas.CblasColMajor,
                openblas.CblasTrans,
                openblas.CblasTrans,
                rows(),
                columns,
                width,
                1,
                cells.pointer(),
                width,
                parameters.pointer(),
                columns,
                0,
                projected.pointer(),
                rows());
        projected.get(out, rows() * columns);
    }

    /** P by columns, for which the library is twice as fast as by rows. The same P often serves many tiles. */
    private void handOver(double[] p, int columns) {
        int n = columns * width;
        if (n == handedOverParameters && Arrays.equals(p, 0, n, rowMajor, 0, n)) {
            return;
        }
        System.arraycopy(p, 0, rowMajor, 0, n);
        for (int c = 0; c < columns; c++) {
            for (int q = 0; q < width; q++) {
                columnMajor[q * columns + c] = p[c * width + q];
            }
        }
        parameters.put(columnMajor, 0, 0, n);
        handedOverParameters = n;
    }

    @Override
    public void accumulate(double[] weights, int columns, int from, int to, boolean add, double[] total) {
        int count = to - from;
        if (!handedOver || count * width < WORTH_A_BAG) {
            java.accumulate(weights, columns, from, to, add, total);
            return;
        }
        projected.put(weights, 0, 0, count * columns);
        if (add) {
            sums.put(total, 0, 0, columns * width);
        }
        openblas.cblas_dgemm(
                openblas.CblasColMajor,
                openblas.CblasNoTrans,
                openblas.CblasNoTrans,
                width,
                columns,
                count,
                1,
                cells.pointer().position((long) from * width),
                width,
                projected.pointer(),
                count,
                add ? 1 : 0,
                sums.pointer(),
                width);
        sums.get(total, columns * width);
    }
}
