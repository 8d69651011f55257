package io.gmil.model;

import java.util.Arrays;
import java.util.List;

/**
 * One pass over the cells of a minibatch at S draws of (γ, β). Cells of small bags are stacked into tiles, so that one
 * product X (rows × Q) times (Q × 2S) serves several bags; large bags take many tiles.
 *
 * <p>A tile is flushed only when the next row needs room. Hence the last rows of a bag are in the tile when the bag ends,
 * and one set of sums is enough: bags close in order.
 */
final class CellSweep {
    private final ModelSpec spec;
    private final FoldedScaler scaler;
    private final CellTile tile;
    private final SoftmaxSums sums;
    private final double[] parameters;
    private final double[] constants;
    private final double[] projected;

    /** Bags whose last row is in the tile, and where that row ends. */
    private int[] closedAt = new int[64];

    private int closed;
    private int nextToClose;
    private boolean open;
    private int draws;

    /** Receives the sums of each bag, in order; they are overwritten afterwards. */
    @FunctionalInterface
    interface BagSink {
        void bag(int index, SoftmaxSums sums);
    }

    CellSweep(ModelSpec spec, FeatureScaler scaler, LinearAlgebra algebra) {
        this(spec, scaler, algebra, spec.draws());
    }

    CellSweep(ModelSpec spec, FeatureScaler scaler, LinearAlgebra algebra, int maxDraws) {
        this.spec = spec;
        this.scaler = new FoldedScaler(spec, scaler);
        this.tile = algebra.tile(spec.width(), 2 * maxDraws);
        this.sums = new SoftmaxSums(spec, this.scaler, maxDraws);
        this.parameters = new double[2 * maxDraws * spec.width()];
        this.constants = new double[maxDraws];
        this.projected = new double[tile.capacity() * 2 * maxDraws];
    }

    /** @param theta S × D */
    void run(List<LabelledBag> bags, double[] theta, int newDraws, BagSink sink) {
        draws = newDraws;
        fold(theta);
        tile.clear();
        closed = 0;
        nextToClose = 0;
        open = false;
        for (LabelledBag bag : bags) {
            int[] seen = new int[1];
            bag.cells().forEachBlock((values, rows) -> {
                append(values, rows, sink);
                seen[0] += rows;
            });
            if (seen[0] < 1 || seen[0] != bag.cells().count()) {
                throw new IllegalArgumentException("bag " + (nextToClose + closed) + " of the minibatch: expected "
                        + bag.cells().count() + " (at least 1) cells, got " + seen[0]);
            }
            close();
        }
        flush(sink);
    }

    private void fold(double[] theta) {
        int width = spec.width();
        int d = spec.dimension();
        for (int s = 0; s < draws; s++) {
            scaler.fold(theta, s * d + spec.gamma(), parameters, s * width);
            constants[s] = scaler.fold(theta, s * d + spec.beta(), parameters, (s + draws) * width);
        }
    }

    private void append(float[] values, int rows, BagSink sink) {
        int from = 0;
        while (from < rows) {
            if (tile.rows() == tile.capacity()) {
                flush(sink);
            }
            int count = Math.min(rows - from, tile.capacity() - tile.rows());
            tile.append(values, from, count);
            from += count;
        }
    }

    private void close() {
        if (closed == closedAt.length) {
            closedAt = Arrays.copyOf(closedAt, 2 * closed);
        }
        closedAt[closed++] = tile.rows();
    }

    private void flush(BagSink sink) {
        tile.project(parameters, 2 * draws, projected);
        int from = 0;
        for (int b = 0; b < closed; b++) {
            absorb(from, closedAt[b]);
            sink.bag(nextToClose++, sums);
            open = false;
            from = closedAt[b];
        }
        if (from < tile.rows()) {
            absorb(from, tile.rows());
        }
        closed = 0;
        tile.clear();
    }

    private void absorb(int from, int to) {
        if (!open) {
            sums.reset(draws);
            open = true;
        }
        sums.absorb(tile, projected, constants, from, to);
    }
}
