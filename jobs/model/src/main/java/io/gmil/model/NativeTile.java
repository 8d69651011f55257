package io.gmil.model;

import org.bytedeco.openblas.global.openblas;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A stack of cells whose products go to the native library when they are large enough to pay for the call. The one
 * product per tile is ND4J's; those per bag, which are small and many, go to its OpenBLAS directly, since ND4J spends
 * 20 µs on each call.
 */
final class NativeTile implements CellTile {
    /** Products of X and P below which a call costs more than it saves; measured with 16 columns. */
    private static final int WORTH_A_PRODUCT = 1 << 16;

    private static final int WORTH_A_BAG = 1 << 8;

    private final int width;
    private final int maxColumns;
    private final JavaTile java;
    private final NativeMatrix cells;
    private final NativeMatrix parameters;
    private final NativeMatrix projected;
    private final NativeMatrix sums;
    private boolean handedOver;

    NativeTile(int width, int maxColumns, int capacity) {
        this.width = width;
        this.maxColumns = maxColumns;
        this.java = new JavaTile(width, capacity);
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

    /** X as held, row-major; may be changed before it is projected. */
    double[] values() {
        return java.values();
    }

    @Override
    public void append(float[] values, int from, int rows) {
        java.append(values, from, rows);
    }

    @Override
    public void project(double[] p, int columns, double[] out) {
        handedOver = columns == maxColumns && (long) rows() * width * columns >= WORTH_A_PRODUCT;
        if (!handedOver) { // narrow products are bound by memory, not by arithmetic
            java.project(p, columns, out);
            return;
        }
        cells.put(java.values(), 0, 0, rows() * width);
        parameters.put(p, 0, 0, columns * width);
        Nd4j.gemm(parameters.array(), cells.records(0, rows()), projected.records(0, rows()), true, false, 1, 0);
        projected.get(out, rows() * columns);
    }

    @Override
    public void accumulate(double[] weights, int columns, int from, int to, double[] total) {
        if (!handedOver || (to - from) * width < WORTH_A_BAG) {
            java.accumulate(weights, columns, from, to, total);
            return;
        }
        projected.put(weights, from * columns, from, (to - from) * columns);
        sums.put(total, 0, 0, columns * width);
        openblas.cblas_dgemm(
                openblas.CblasColMajor,
                openblas.CblasNoTrans,
                openblas.CblasTrans,
                width,
                columns,
                to - from,
                1,
                cells.pointer().position((long) from * width),
                width,
                projected.pointer().position((long) from * columns),
                columns,
                1,
                sums.pointer(),
                width);
        sums.get(total, columns * width);
    }
}
