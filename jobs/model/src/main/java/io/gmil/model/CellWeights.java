package io.gmil.model;

import java.util.Arrays;

/**
 * The weight w and the t = x'·β of each cell of a bag for one pair (γ, β), gathered tile by tile while the sums run, so that
 * no exponential or logarithm is taken twice.
 */
final class CellWeights {
    private final int pair;
    private final int columns;
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
        this.columns = 2 * pairs;
        this.capacity = capacity;
    }

    void clear() {
        excess = 0;
    }

    /** Takes the logits and t of a tile, before the sums absorb it. */
    void before(SoftmaxSums sums, double[] projected, double constant, int count, int rows) {
        if (count + rows > weights.length) {
            int length = Math.max(count + rows, 2 * weights.length);
            weights = Arrays.copyOf(weights, length);
            ts = Arrays.copyOf(ts, length);
        }
        for (int i = 0; i < rows; i++) {
            weights[count + i] = projected[columns * i + pair]; // the logit
            ts[count + i] = projected[columns * i + pair + columns / 2] + constant;
        }
        largestBefore = sums.largest(pair);
        totalBefore = sums.total(pair);
    }

    /** Puts e, which the sums have left in the projections, in the place of the logit. */
    void after(SoftmaxSums sums, double[] projected, int count, int rows) {
        int index = count / capacity;
        if (index >= largest.length) {
            largest = Arrays.copyOf(largest, 2 * index + 1);
        }
        double now = sums.largest(pair);
        largest[index] = now;
        if (count > 0) {
            double shift = largestBefore - now;
            excess = Math.exp(shift) * (excess + shift * totalBefore);
        }
        for (int i = 0; i < rows; i++) {
            double e = projected[columns * i + pair];
            excess += e * (weights[count + i] - now);
            weights[count + i] = e;
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
