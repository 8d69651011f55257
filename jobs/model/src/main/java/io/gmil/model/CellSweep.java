package io.gmil.model;

import java.util.Arrays;
import java.util.List;

/**
 * One pass over the cells of a minibatch at P pairs (γ, β): those of all heads and draws, of all classes and outcomes. Cells
 * of small bags are stacked into tiles, so that one product X (rows × Q) times (Q × 2P) serves several bags; large bags take
 * many tiles.
 *
 * <p>A tile is flushed only when the next row needs room. Hence the last rows of a bag are in the tile when the bag ends,
 * and one set of sums is enough: bags close in order.
 */
final class CellSweep {
    private final int width;
    private final int pairs;
    private final FoldedScaler scaler;
    private final CellTile tile;
    private final SoftmaxSums sums;
    private final double[] parameters;
    private final double[] projected;

    /** Bags whose last row is in the tile, and where that row ends. */
    private int[] closedAt = new int[64];

    private int closed;
    private int nextToClose;
    private boolean open;

    /** Receives the sums of each bag, in order; they are overwritten afterwards. */
    @FunctionalInterface
    interface BagSink {
        void bag(int index, SoftmaxSums sums);
    }

    CellSweep(int width, FeatureScaler scaler, LinearAlgebra algebra, int pairs) {
        this.width = width;
        this.pairs = pairs;
        this.scaler = new FoldedScaler(width, scaler);
        this.tile = algebra.tile(scaler.mean(), 2 * pairs);
        this.sums = new SoftmaxSums(width, this.scaler, pairs);
        this.parameters = new double[2 * pairs * width];
        this.projected = new double[tile.capacity() * 2 * pairs];
    }

    /** For the pairs of these. */
    static CellSweep of(List<Draws> draws, FeatureScaler scaler, LinearAlgebra algebra) {
        return new CellSweep(draws.get(0).spec().width(), scaler, algebra, pairs(draws));
    }

    private static int pairs(List<Draws> draws) {
        return draws.stream().mapToInt(Draws::pairs).sum();
    }

    /** Whether {@link #run} takes so many pairs. */
    boolean takes(List<Draws> draws) {
        return pairs(draws) == pairs;
    }

    /** @param draws whose pairs, one after the other, are the P of this sweep */
    void run(List<LabelledBag> bags, List<Draws> draws, BagSink sink) {
        fold(draws);
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

    private void fold(List<Draws> all) {
        int pair = 0;
        for (Draws draws : all) {
            ModelSpec spec = draws.spec();
            for (int s = 0; s < draws.count(); s++) {
                int at = s * spec.dimension();
                for (int h = 0; h < spec.heads(); h++, pair++) {
                    scaler.fold(draws.theta(), at + spec.gamma(h), parameters, pair * width);
                    scaler.fold(draws.theta(), at + spec.beta(h), parameters, (pair + pairs) * width);
                }
            }
        }
        if (pair != pairs) {
            throw new IllegalArgumentException("sweep: expected " + pairs + " pairs of γ and β, got " + pair);
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
        tile.project(parameters, 2 * pairs, projected);
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
            sums.reset(pairs);
            open = true;
        }
        sums.absorb(tile, projected, from, to);
    }
}
