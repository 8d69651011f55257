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
    /** Values that stay in the first-level cache from one loop to the next. */
    private static final int VALUES_AT_ONCE = 1024;

    private final FoldedScaler scaler;
    private final int width;
    private final double[] largest;
    private final double[] total;
    private final double[] totalT;
    private final double[] weighted;

    /** e and e t (2S × rows) of the rows taken in last. */
    private double[] weights = new double[0];

    private double[] scratch = new double[0];
    private double[] row = new double[0];
    private int pairs;

    /** Whether {@link #weighted} is still of the bag before. */
    private boolean empty;

    SoftmaxSums(int width, FoldedScaler scaler, int maxPairs) {
        this.width = width;
        this.scaler = scaler;
        this.largest = new double[maxPairs];
        this.total = new double[maxPairs];
        this.totalT = new double[maxPairs];
        this.weighted = new double[2 * maxPairs * width];
    }

    void reset(int newPairs) {
        pairs = newPairs;
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        Arrays.fill(total, 0);
        Arrays.fill(totalT, 0);
        empty = true;
    }

    /**
     * Takes in the rows {@code from} to {@code to} of the tile.
     *
     * @param projected 2S × rows of the tile: logits and x·β'
     */
    void absorb(CellTile tile, double[] projected, int from, int to) {
        int rows = to - from;
        if (weights.length < 2 * pairs * rows) {
            weights = new double[2 * largest.length * tile.capacity()];
            scratch = new double[largest.length * tile.capacity()];
        }
        int some = Math.max(1, VALUES_AT_ONCE / rows);
        for (int s = 0; s < pairs; s += some) {
            absorb(projected, tile.rows(), from, rows, s, Math.min(s + some, pairs));
        }
        tile.accumulate(weights, 2 * pairs, from, to, !empty, weighted);
        empty = false;
    }

    private void absorb(double[] projected, int stride, int from, int rows, int firstPair, int endPair) {
        for (int s = firstPair; s < endPair; s++) {
            relate(projected, s * stride + from, s, rows);
        }
        Exponential.of(weights, firstPair * rows, endPair * rows, scratch);
        for (int s = firstPair; s < endPair; s++) {
            add(projected, (s + pairs) * stride + from, s, rows);
        }
    }

    /** Logits of a pair less the largest so far. */
    private void relate(double[] projected, int at, int pair, int rows) {
        double max = largest[pair];
        for (int i = at; i < at + rows; i++) {
            max = projected[i] > max ? projected[i] : max;
        }
        if (max > largest[pair]) {
            rescale(pair, max);
        }
        subtract(projected, at, max, weights, pair * rows, rows);
    }

    /** Of arrays at hand, not in fields, so that it is compiled to vector instructions. */
    private static void subtract(double[] x, int at, double max, double[] out, int to, int rows) {
        for (int i = 0; i < rows; i++) {
            out[to + i] = x[at + i] - max;
        }
    }

    /** Writes e t; four sums each, since an addition waits for the one before it. */
    private void add(double[] projected, int atT, int pair, int rows) {
        int at = pair * rows;
        int to = at + pairs * rows;
        double sum0 = 0;
        double sum1 = 0;
        double sum2 = 0;
        double sum3 = 0;
        double sumT0 = 0;
        double sumT1 = 0;
        double sumT2 = 0;
        double sumT3 = 0;
        int i = 0;
        for (; i + 3 < rows; i += 4) {
            double e0 = weights[at + i];
            double e1 = weights[at + i + 1];
            double e2 = weights[at + i + 2];
            double e3 = weights[at + i + 3];
            double t0 = e0 * projected[atT + i];
            double t1 = e1 * projected[atT + i + 1];
            double t2 = e2 * projected[atT + i + 2];
            double t3 = e3 * projected[atT + i + 3];
            weights[to + i] = t0;
            weights[to + i + 1] = t1;
            weights[to + i + 2] = t2;
            weights[to + i + 3] = t3;
            sum0 += e0;
            sum1 += e1;
            sum2 += e2;
            sum3 += e3;
            sumT0 += t0;
            sumT1 += t1;
            sumT2 += t2;
            sumT3 += t3;
        }
        for (; i < rows; i++) {
            double e = weights[at + i];
            weights[to + i] = e * projected[atT + i];
            sum0 += e;
            sumT0 += weights[to + i];
        }
        total[pair] += sum0 + sum1 + (sum2 + sum3);
        totalT[pair] += sumT0 + sumT1 + (sumT2 + sumT3);
    }

    private void rescale(int pair, double max) {
        if (total[pair] > 0) {
            double factor = Math.exp(largest[pair] - max);
            total[pair] *= factor;
            totalT[pair] *= factor;
            for (int q = 0; q < width; q++) {
                weighted[pair * width + q] *= factor;
                weighted[(pair + pairs) * width + q] *= factor;
            }
        }
        largest[pair] = max;
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

    /** J of the pairs from {@code first}, a new array. */
    double[] jacobian(ModelSpec spec, int first, double[] fixedEffects, boolean attention) {
        if (row.length < spec.dimension()) {
            row = new double[spec.dimension()];
        }
        jacobian(spec, first, fixedEffects, attention, row, 0);
        return Arrays.copyOf(row, spec.dimension()); // a copy need not be cleared first
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
