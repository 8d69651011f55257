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
     * @param projected rows × 2S: logits and x·β'; overwritten with e and e t
     * @param constants (S) −mean·β'
     */
    void absorb(CellTile tile, double[] projected, double[] constants, int from, int to) {
        int columns = 2 * pairs;
        System.arraycopy(largest, 0, newLargest, 0, pairs);
        for (int i = from, at = from * columns; i < to; i++, at += columns) {
            for (int s = 0; s < pairs; s++) {
                newLargest[s] = Math.max(newLargest[s], projected[at + s]);
            }
        }
        rescale();
        for (int i = from, at = from * columns; i < to; i++, at += columns) {
            for (int s = 0; s < pairs; s++) {
                double weight = Math.exp(projected[at + s] - largest[s]);
                double weightedT = weight * (projected[at + s + pairs] + constants[s]);
                projected[at + s] = weight;
                projected[at + s + pairs] = weightedT;
                total[s] += weight;
                totalT[s] += weightedT;
            }
        }
        tile.accumulate(projected, columns, from, to, weighted);
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
