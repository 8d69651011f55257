package io.gmil.model;

import org.bytedeco.openblas.global.openblas;

/**
 * Σ w x xᵀ over cells for several weights of a cell at once: the products x_a x_b, a ≥ b, are formed once and all weights
 * multiply them in the native library, block by block.
 */
final class CellMoments {
    /** Products of one block, about: they stay in the second-level cache. */
    private static final int BLOCK_VALUES = 1 << 17;

    private static final int LEAST_ROWS = 16;

    /** Of narrow models, whose weights would fill the caches instead. */
    private static final int MOST_ROWS = 1024;

    private final int width;
    private final int columns;
    private final int size;
    private final int capacity;

    /** By feature, then cell: arrays of their own, so that products are compiled to vector instructions. */
    private final double[][] x;

    private final double[] product;
    private final double[] weights;
    private final NativeMatrix nativeProducts;
    private final NativeMatrix nativeWeights;
    private final NativeMatrix sums;
    private int rows;

    CellMoments(int width, int columns) {
        Nd4jSelfTest.require();
        this.width = width;
        this.columns = columns;
        this.size = width * (width + 1) / 2;
        this.capacity = Math.max(LEAST_ROWS, Math.min(MOST_ROWS, BLOCK_VALUES / size));
        this.x = new double[width][capacity];
        this.product = new double[capacity];
        this.weights = new double[capacity * columns];
        this.nativeProducts = new NativeMatrix(capacity, size);
        this.nativeWeights = new NativeMatrix(capacity, columns);
        this.sums = new NativeMatrix(size, columns);
        sums.put(new double[size * columns], 0, 0, size * columns);
    }

    /** Weights of a cell. */
    int columns() {
        return columns;
    }

    /**
     * Adds the cells of a bag.
     *
     * @param values cells × Q
     * @param w columns × cells
     */
    void add(double[] values, double[] w, int cells) {
        for (int from = 0; from < cells; ) {
            if (rows == capacity) {
                flush();
            }
            int part = Math.min(cells - from, capacity - rows);
            for (int i = 0; i < part; i++) {
                int at = (from + i) * width;
                for (int q = 0; q < width; q++) {
                    x[q][rows + i] = values[at + q];
                }
            }
            for (int c = 0; c < columns; c++) {
                System.arraycopy(w, c * cells + from, weights, c * capacity + rows, part);
            }
            rows += part;
            from += part;
        }
    }

    private void flush() {
        for (int a = 0, record = 0; a < width; a++) {
            for (int b = 0; b <= a; b++, record++) {
                multiply(x[a], x[b], product, rows);
                nativeProducts.put(product, 0, record, rows);
            }
        }
        nativeWeights.put(weights, 0, 0, capacity * columns);
        openblas.cblas_dgemm(
                openblas.CblasColMajor,
                openblas.CblasTrans,
                openblas.CblasNoTrans,
                size,
                columns,
                rows,
                1,
                nativeProducts.pointer(),
                capacity,
                nativeWeights.pointer(),
                capacity,
                1,
                sums.pointer(),
                size);
        rows = 0;
    }

    private static void multiply(double[] a, double[] b, double[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] * b[i];
        }
    }

    /** Lower triangles by rows, packed, one for each weight (columns × Q(Q+1)/2). */
    double[] sums() {
        if (rows > 0) {
            flush();
        }
        double[] all = new double[size * columns];
        sums.get(all, all.length);
        return all;
    }
}
