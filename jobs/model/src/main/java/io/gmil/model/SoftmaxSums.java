package io.gmil.model;

import java.util.Arrays;

/**
 * Attention sums of one bag at S draws at once, for an online softmax: relative to the running maximum a of the logits,
 * Σ e, Σ e t, Σ e x and Σ e t x with e = exp(x·γ − a), t = x'·β. A larger logit rescales them, so one pass over the
 * cells is enough and nothing overflows.
 *
 * <p>Columns: the first S belong to γ, the next S to β.
 */
final class SoftmaxSums {
    private final FoldedScaler scaler;
    private final ModelSpec spec;
    private final double[] largest;
    private final double[] total;
    private final double[] totalT;
    private final double[] weighted;
    private int draws;

    SoftmaxSums(ModelSpec spec, FoldedScaler scaler, int maxDraws) {
        this.spec = spec;
        this.scaler = scaler;
        this.largest = new double[maxDraws];
        this.total = new double[maxDraws];
        this.totalT = new double[maxDraws];
        this.weighted = new double[2 * maxDraws * spec.width()];
    }

    void reset(int newDraws) {
        draws = newDraws;
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
        int columns = 2 * draws;
        for (int s = 0; s < draws; s++) {
            double max = largest[s];
            for (int i = from, at = from * columns + s; i < to; i++, at += columns) {
                max = Math.max(max, projected[at]);
            }
            rescale(s, max);
            double e = 0;
            double et = 0;
            for (int i = from, at = from * columns + s; i < to; i++, at += columns) {
                double weight = Math.exp(projected[at] - max);
                double weightedT = weight * (projected[at + draws] + constants[s]);
                projected[at] = weight;
                projected[at + draws] = weightedT;
                e += weight;
                et += weightedT;
            }
            total[s] += e;
            totalT[s] += et;
        }
        tile.accumulate(projected, columns, from, to, weighted);
    }

    private void rescale(int s, double max) {
        if (max > largest[s] && total[s] > 0) {
            double factor = Math.exp(largest[s] - max);
            total[s] *= factor;
            totalT[s] *= factor;
            int width = spec.width();
            for (int q = 0; q < width; q++) {
                weighted[s * width + q] *= factor;
                weighted[(s + draws) * width + q] *= factor;
            }
        }
        largest[s] = max;
    }

    /** u = Σ w t at draw s. */
    double u(int s) {
        return totalT[s] / total[s];
    }

    /** Writes J = (f, g, z) at draw s to {@code out}; without attention g is 0. */
    void jacobian(int s, double[] fixedEffects, boolean attention, double[] out, int at) {
        System.arraycopy(fixedEffects, 0, out, at, spec.fixedEffects());
        int width = spec.width();
        scaler.statistics(
                weighted,
                s * width,
                (s + draws) * width,
                total[s],
                u(s),
                attention,
                out,
                at + spec.gamma(),
                at + spec.beta());
    }
}
