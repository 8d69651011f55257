package io.gmil.model;

import java.util.Arrays;

/**
 * The weight w and the t = x'·β of each cell of a bag for one pair (γ, β), gathered tile by tile while the sums run, so that
 * no exponential or logarithm is taken twice.
 */
final class CellWeights {
    private final int pair;
    private final int pairs;
    private final int capacity;

    /** The largest logit up to each tile. */
    private double[] largest = new double[64];

    /** Σ e (logit − a) with the e and a of the sums. */
    private double excess;

    private double largestBefore;
    private double totalBefore;
    private double entropy;
    private double[] weights = new double[0];
    private double[] ts = new double[0];

    /** @param capacity rows of a tile */
    CellWeights(int pair, int pairs, int capacity) {
        this.pair = pair;
        this.pairs = pairs;
        this.capacity = capacity;
    }

    void clear() {
        excess = 0;
    }

    /** Before the sums absorb a tile. */
    void before(SoftmaxSums sums) {
        largestBefore = sums.largest(pair);
        totalBefore = sums.total(pair);
    }

    /** Takes e and t of a tile that the sums have absorbed whole. */
    void after(SoftmaxSums sums, double[] projected, int count, int rows) {
        reserve(count + rows, count / capacity);
        double now = sums.largest(pair);
        largest[count / capacity] = now;
        if (count > 0) {
            double shift = largestBefore - now;
            excess = Math.exp(shift) * (excess + shift * totalBefore);
        }
        System.arraycopy(sums.weights(), pair * rows, weights, count, rows);
        int at = pair * rows;
        int atT = at + pairs * rows;
        for (int i = 0; i < rows; i++) {
            ts[count + i] = projected[atT + i];
            excess += weights[count + i] * (projected[at + i] - now);
        }
    }

    private void reserve(int cells, int tile) {
        if (cells > weights.length) {
            int length = Math.max(cells, 2 * weights.length);
            weights = Arrays.copyOf(weights, length);
            ts = Arrays.copyOf(ts, length);
        }
        if (tile >= largest.length) {
            largest = Arrays.copyOf(largest, 2 * tile + 1);
        }
    }

    /** Turns the e of every tile, each relative to the largest logit up to it, into weights. */
    void finish(SoftmaxSums sums, int count) {
        double total = sums.total(pair);
        for (int t = 0; t * capacity < count; t++) {
            double factor = Math.exp(largest[t] - sums.largest(pair)) / total;
            int end = Math.min(count, (t + 1) * capacity);
            for (int i = t * capacity; i < end; i++) {
                weights[i] *= factor;
            }
        }
        // H = −Σ w ln w with ln w = logit − a − ln Σ e.
        entropy = Math.max(0, Math.log(total) - excess / total);
    }

    /** −Σ w ln w. */
    double entropy() {
        return entropy;
    }

    /** w of each cell; longer than there are cells. */
    double[] weights() {
        return weights;
    }

    /** t of each cell; longer than there are cells. */
    double[] ts() {
        return ts;
    }
}
