package io.gmil.model;

import java.util.Arrays;

/**
 * One pass over the cells of one bag at one θ, in plain Java. Blocks are cut anew into tiles of a fixed size, so the
 * sums depend neither on the blocks nor on any other bag, to the bit. Keeps the logit and t of each cell if asked: O(I),
 * never O(I × Q).
 */
final class CellScan implements Cells.BlockVisitor {
    private final JavaTile tile;
    private final SoftmaxSums sums;
    private final int width;

    /** γ' and β' (2 × Q). */
    private final double[] parameters;

    private final double[] constants = new double[1];
    private final double[] projected;
    private int count;
    private boolean listing;
    private double[] weights = new double[0];
    private double[] ts = new double[0];

    CellScan(ModelSpec spec, FoldedScaler scaler) {
        this.width = spec.width();
        this.tile = EjmlAlgebra.javaTile(width, 2);
        this.sums = new SoftmaxSums(spec, scaler, 1);
        this.parameters = new double[2 * width];
        this.projected = new double[2 * tile.capacity()];
    }

    /** Takes γ and β from θ (D). */
    void parameters(ModelSpec spec, FoldedScaler scaler, double[] theta) {
        scaler.fold(theta, spec.gamma(), parameters, 0);
        constants[0] = scaler.fold(theta, spec.beta(), parameters, width);
    }

    /** The sums of all cells; valid until the next call. */
    SoftmaxSums scan(Cells cells, boolean list) {
        listing = list;
        count = 0;
        tile.clear();
        sums.reset(1);
        cells.forEachBlock(this);
        flush();
        if (count != cells.count()) {
            throw new IllegalArgumentException("cells: expected " + cells.count() + ", got " + count);
        }
        for (int i = 0; listing && i < count; i++) {
            weights[i] = sums.weight(weights[i]);
        }
        return sums;
    }

    @Override
    public void block(float[] values, int rows) {
        int from = 0;
        while (from < rows) {
            int part = Math.min(rows - from, tile.capacity() - tile.rows());
            tile.append(values, from, part);
            from += part;
            if (tile.rows() == tile.capacity()) {
                flush();
            }
        }
    }

    private void flush() {
        int rows = tile.rows();
        tile.project(parameters, 2, projected);
        if (listing) {
            list(rows);
        }
        sums.absorb(tile, projected, constants, 0, rows);
        count += rows;
        tile.clear();
    }

    private void list(int rows) {
        if (count + rows > weights.length) {
            int capacity = Math.max(count + rows, 2 * weights.length);
            weights = Arrays.copyOf(weights, capacity);
            ts = Arrays.copyOf(ts, capacity);
        }
        for (int i = 0; i < rows; i++) {
            weights[count + i] = projected[2 * i]; // the logit, until all are known
            ts[count + i] = projected[2 * i + 1] + constants[0];
        }
    }

    int count() {
        return count;
    }

    /** w of the cells that were listed. */
    double[] weights() {
        return weights;
    }

    /** t = x'·β of the cells that were listed. */
    double[] ts() {
        return ts;
    }
}
