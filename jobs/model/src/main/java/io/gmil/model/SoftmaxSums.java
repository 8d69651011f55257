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
    private final double[] newLargest;
    private final double[] total;
    private final double[] totalT;
    private final double[] weighted;
    private int draws;

    SoftmaxSums(ModelSpec spec, FoldedScaler scaler, int maxDraws) {
        this.spec = spec;
        this.scaler = scaler;
        this.largest = new double[maxDraws];
        this.newLargest = new double[maxDraws];
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
        System.arraycopy(largest, 0, newLargest, 0, draws);
        for (int i = from, at = from * columns; i < to; i++, at += columns) {
            for (int s = 0; s < draws; s++) {
                newLargest[s] = Math.max(newLargest[s], projected[at + s]);
            }
        }
        rescale();
        for (int i = from, at = from * columns; i < to; i++, at += columns) {
            for (int s = 0; s < draws; s++) {
                double weight = Math.exp(projected[at + s] - largest[s]);
                double weightedT = weight * (projected[at + s + draws] + constants[s]);
                projected[at + s] = weight;
                projected[at + s + draws] = weightedT;
                total[s] += weight;
                totalT[s] += weightedT;
            }
        }
        tile.accumulate(projected, columns, from, to, weighted);
    }

    private void rescale() {
        int width = spec.width();
        for (int s = 0; s < draws; s++) {
            if (newLargest[s] > largest[s] && total[s] > 0) {
                double factor = Math.exp(largest[s] - newLargest[s]);
                total[s] *= factor;
                totalT[s] *= factor;
                for (int q = 0; q < width; q++) {
                    weighted[s * width + q] *= factor;
                    weighted[(s + draws) * width + q] *= factor;
                }
            }
            largest[s] = newLargest[s];
        }
    }

    /** a, at the first draw. */
    double largest() {
        return largest[0];
    }

    /** Σ e, at the first draw. */
    double total() {
        return total[0];
    }

    /** w of a cell with this logit, at the first draw. */
    double weight(double logit) {
        return Math.exp(logit - largest[0]) / total[0];
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
