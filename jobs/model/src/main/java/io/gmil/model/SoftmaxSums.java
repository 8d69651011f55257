package io.gmil.model;

import java.util.Arrays;

/**
 * Attention sums of one bag at S pairs (γ, β) at once, for an online softmax: relative to the running maximum a of the logits,
 * Σ e, Σ e t, Σ e x and Σ e t x with e = exp(x·γ − a), t = x'·β. A larger logit rescales them, so one pass over the
 * cells is enough and nothing overflows.
 *
 * <p>Columns: the first S belong to γ, the next S to β. A pair is one head at one draw of one posterior.
 */
final class SoftmaxSums {
    private final FoldedScaler scaler;
    private final int width;
    private final double[] largest;
    private final double[] newLargest;
    private final double[] total;
    private final double[] totalT;
    private final double[] weighted;

    /** e and e t (2S × rows) of the rows taken in last. */
    private double[] weights = new double[0];

    private double[] scratch = new double[0];
    private int pairs;

    SoftmaxSums(int width, FoldedScaler scaler, int maxPairs) {
        this.width = width;
        this.scaler = scaler;
        this.largest = new double[maxPairs];
        this.newLargest = new double[maxPairs];
        this.total = new double[maxPairs];
        this.totalT = new double[maxPairs];
        this.weighted = new double[2 * maxPairs * width];
    }

    void reset(int newPairs) {
        pairs = newPairs;
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        Arrays.fill(total, 0);
        Arrays.fill(totalT, 0);
        Arrays.fill(weighted, 0);
    }

    /**
     * Takes in the rows {@code from} to {@code to} of the tile.
     *
     * @param projected rows × 2S: logits and x·β'
     * @param constants (S) −mean·β'
     */
    void absorb(CellTile tile, double[] projected, double[] constants, int from, int to) {
        int rows = to - from;
        if (weights.length < 2 * pairs * rows) {
            weights = new double[2 * largest.length * tile.capacity()];
            scratch = new double[largest.length * tile.capacity()];
        }
        for (int s = 0; s < pairs; s++) {
            gather(projected, s, constants[s], from, rows);
        }
        rescale();
        for (int s = 0, at = 0; s < pairs; s++) {
            for (int end = at + rows; at < end; at++) {
                weights[at] -= largest[s];
            }
        }
        Exponential.of(weights, pairs * rows, scratch);
        for (int s = 0; s < pairs; s++) {
            add(s, rows);
        }
        tile.accumulate(weights, 2 * pairs, from, to, weighted);
    }

    /** Logits and t of a pair, row by row, and the largest logit. */
    private void gather(double[] projected, int pair, double constant, int from, int rows) {
        int columns = 2 * pairs;
        int to = pair * rows;
        int toT = to + pairs * rows;
        int at = from * columns + pair;
        int atT = at + pairs;
        double max = largest[pair];
        for (int i = 0; i < rows; i++) {
            double logit = projected[at + i * columns];
            weights[to + i] = logit;
            weights[toT + i] = projected[atT + i * columns] + constant;
            max = logit > max ? logit : max;
        }
        newLargest[pair] = max;
    }

    /** Turns t into e t; two sums each, since an addition waits for the one before it. */
    private void add(int pair, int rows) {
        int t = pairs * rows;
        double even = 0;
        double odd = 0;
        double evenT = 0;
        double oddT = 0;
        int at = pair * rows;
        int end = at + rows;
        for (; at + 1 < end; at += 2) {
            double first = weights[at] * weights[t + at];
            double second = weights[at + 1] * weights[t + at + 1];
            weights[t + at] = first;
            weights[t + at + 1] = second;
            even += weights[at];
            odd += weights[at + 1];
            evenT += first;
            oddT += second;
        }
        if (at < end) {
            weights[t + at] *= weights[at];
            even += weights[at];
            evenT += weights[t + at];
        }
        total[pair] += even + odd;
        totalT[pair] += evenT + oddT;
    }

    private void rescale() {
        for (int s = 0; s < pairs; s++) {
            if (newLargest[s] > largest[s] && total[s] > 0) {
                double factor = Math.exp(largest[s] - newLargest[s]);
                total[s] *= factor;
                totalT[s] *= factor;
                for (int q = 0; q < width; q++) {
                    weighted[s * width + q] *= factor;
                    weighted[(s + pairs) * width + q] *= factor;
                }
            }
            largest[s] = newLargest[s];
        }
    }

    /** e of the rows taken in last, those of a pair from pair · rows on; e t follows that of all pairs. */
    double[] weights() {
        return weights;
    }

    /** a of a pair. */
    double largest(int pair) {
        return largest[pair];
    }

    /** Σ e of a pair. */
    double total(int pair) {
        return total[pair];
    }

    /** Σ w t of a pair. */
    double u(int pair) {
        return totalT[pair] / total[pair];
    }

    /** u = Σ_h u_h of the heads whose pairs begin at {@code first}. */
    double effect(int first, int heads) {
        double sum = u(first);
        for (int h = 1; h < heads; h++) {
            sum += u(first + h);
        }
        return sum;
    }

    /** Writes J = (f, g_1 … g_H, z_1 … z_H) of the pairs from {@code first} to {@code out}; without attention g is 0. */
    void jacobian(ModelSpec spec, int first, double[] fixedEffects, boolean attention, double[] out, int at) {
        System.arraycopy(fixedEffects, 0, out, at, spec.linear());
        for (int h = 0; h < spec.heads(); h++) {
            int pair = first + h;
            scaler.statistics(
                    weighted,
                    pair * width,
                    (pair + pairs) * width,
                    total[pair],
                    u(pair),
                    attention,
                    out,
                    at + spec.gamma(h),
                    at + spec.beta(h));
        }
    }
}
