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

    /** The largest logit up to each tile. */
    private double[] largest = new double[64];

    /** Σ e (logit − a) with the e and a of the sums. */
    private double excess;

    private double entropy;
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
        excess = 0;
        tile.clear();
        sums.reset(1);
        cells.forEachBlock(this);
        flush();
        if (count != cells.count()) {
            throw new IllegalArgumentException("cells: expected " + cells.count() + ", got " + count);
        }
        if (listing) {
            weigh();
        }
        return sums;
    }

    /** Turns the e of every tile, each relative to the largest logit up to it, into weights. */
    private void weigh() {
        int capacity = tile.capacity();
        for (int t = 0; t * capacity < count; t++) {
            double factor = sums.weight(largest[t]);
            int end = Math.min(count, (t + 1) * capacity);
            for (int i = t * capacity; i < end; i++) {
                weights[i] *= factor;
            }
        }
        // H = −Σ w ln w with ln w = logit − a − ln Σ e.
        entropy = Math.max(0, Math.log(sums.total()) - excess / sums.total());
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
        double largestBefore = sums.largest();
        double totalBefore = sums.total();
        sums.absorb(tile, projected, constants, 0, rows);
        if (listing && rows > 0) {
            relist(rows, largestBefore, totalBefore);
        }
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
            weights[count + i] = projected[2 * i]; // the logit
            ts[count + i] = projected[2 * i + 1] + constants[0];
        }
    }

    /** Puts e in the place of the logit, so that no exponential or logarithm is taken twice. */
    private void relist(int rows, double largestBefore, double totalBefore) {
        int index = count / tile.capacity();
        if (index >= largest.length) {
            largest = Arrays.copyOf(largest, 2 * index + 1);
        }
        double now = sums.largest();
        largest[index] = now;
        if (count > 0) {
            double shift = largestBefore - now;
            excess = Math.exp(shift) * (excess + shift * totalBefore);
        }
        for (int i = 0; i < rows; i++) {
            double e = projected[2 * i];
            excess += e * (weights[count + i] - now);
            weights[count + i] = e;
        }
    }

    /** −Σ w ln w of the cells that were listed. */
    double entropy() {
        return entropy;
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
