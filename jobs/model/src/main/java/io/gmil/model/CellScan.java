package io.gmil.model;

import java.util.List;

/**
 * One pass over the cells of one bag at P pairs (γ, β), one for each head of each posterior. Blocks are cut anew into tiles
 * of a fixed size, so the sums depend neither on the blocks nor on any other bag, to the bit. Keeps the weight and t of each
 * cell if asked: O(I P), never O(I × Q).
 */
final class CellScan implements Cells.BlockVisitor {
    /** Columns from which products go to the native library; a predictor of one outcome never loads it. */
    private static final int NATIVE_COLUMNS = 8;

    private final int width;
    private final int pairs;
    private final FoldedScaler scaler;
    private final CellTile tile;
    private final SoftmaxSums sums;

    /** γ' and β' (2P × Q). */
    private final double[] parameters;

    private final double[] projected;
    private final CellWeights[] weights;
    private boolean listing;
    private int count;

    CellScan(int width, FoldedScaler scaler, int pairs) {
        this.width = width;
        this.pairs = pairs;
        this.scaler = scaler;
        this.tile = tile(scaler.mean(), 2 * pairs);
        this.sums = new SoftmaxSums(width, scaler, pairs);
        this.parameters = new double[2 * pairs * width];
        this.projected = new double[2 * pairs * tile.capacity()];
        this.weights = new CellWeights[pairs];
        for (int p = 0; p < pairs; p++) {
            weights[p] = new CellWeights(p, pairs, tile.capacity());
        }
    }

    private static CellTile tile(double[] mean, int columns) {
        LinearAlgebra algebra = columns < NATIVE_COLUMNS ? new EjmlAlgebra() : new Nd4jAlgebra();
        return algebra.tile(mean, columns);
    }

    /** Whether products go to the native library. */
    boolean isNative() {
        return 2 * pairs >= NATIVE_COLUMNS;
    }

    /** Takes γ and β from the means of these, in order. */
    void parameters(List<PosteriorSnapshot> posteriors) {
        int pair = 0;
        for (PosteriorSnapshot q : posteriors) {
            ModelSpec spec = q.spec();
            for (int h = 0; h < spec.heads(); h++, pair++) {
                scaler.fold(q.sharedMean(), spec.gamma(h), parameters, pair * width);
                scaler.fold(q.sharedMean(), spec.beta(h), parameters, (pair + pairs) * width);
            }
        }
    }

    /** The sums of all cells; valid until the next call. */
    SoftmaxSums scan(Cells cells, boolean list) {
        listing = list;
        count = 0;
        tile.clear();
        sums.reset(pairs);
        for (CellWeights each : weights) {
            each.clear();
        }
        cells.forEachBlock(this);
        flush();
        if (count != cells.count()) {
            throw new IllegalArgumentException("cells: expected " + cells.count() + ", got " + count);
        }
        if (listing) {
            for (CellWeights each : weights) {
                each.finish(sums, count);
            }
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
        if (rows == 0) {
            return;
        }
        tile.project(parameters, 2 * pairs, projected);
        for (int p = 0; listing && p < pairs; p++) {
            weights[p].before(sums);
        }
        sums.absorb(tile, projected, 0, rows);
        for (int p = 0; listing && p < pairs; p++) {
            weights[p].after(sums, projected, count, rows);
        }
        count += rows;
        tile.clear();
    }

    /** Cells of the last scan. */
    int count() {
        return count;
    }

    /** Of the last scan, which listed them. */
    CellWeights weights(int pair) {
        return weights[pair];
    }
}
