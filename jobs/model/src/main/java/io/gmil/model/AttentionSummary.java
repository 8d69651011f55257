package io.gmil.model;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/** Reduces the weights of one bag to a {@link BagAttention}. */
final class AttentionSummary {
    private static final double[] LEVELS = {0, 0.25, 0.5, 0.75, 0.9, 0.99, 1};

    /** Cells up to which sorting is faster than selection, which has to set up its search. */
    private static final int SORTED = 128;

    private AttentionSummary() {}

    /**
     * Of one head its own; of several their mean weight and the sum of their contributions.
     *
     * @param heads weights of the first {@code count} cells
     */
    static BagAttention of(AttentionRequest request, List<CellWeights> heads, int count) {
        CellWeights first = heads.get(0);
        if (heads.size() == 1) {
            return of(request, first.entropy(), first.weights(), first.ts(), count);
        }
        double[] w = new double[count];
        double[] t = new double[count];
        for (CellWeights head : heads) {
            for (int i = 0; i < count; i++) {
                w[i] += head.weights()[i] / heads.size();
                t[i] += head.weights()[i] * head.ts()[i];
            }
        }
        double entropy = 0;
        for (int i = 0; i < count; i++) {
            if (w[i] > 0) {
                entropy -= w[i] * Math.log(w[i]);
                t[i] /= w[i]; // a contribution is w t
            }
        }
        return of(request, entropy, w, t, count);
    }

    /**
     * @param entropy of the weights
     * @param w weights of the first {@code count} cells
     * @param t x'·β of the same
     */
    static BagAttention of(AttentionRequest request, double entropy, double[] w, double[] t, int count) {
        double squares = 0;
        for (int i = 0; i < count; i++) {
            squares += w[i] * w[i];
        }
        double[] quantiles = quantiles(w, count);
        int k = request.topK() == 0 ? count : Math.min(request.topK(), count);
        int[] top = LargestWeights.indices(w, count, k);
        double[] weights = new double[k];
        double[] contributions = new double[k];
        for (int i = 0; i < k; i++) {
            weights[i] = w[top[i]];
            contributions[i] = w[top[i]] * t[top[i]];
        }
        int types = request.cellTypeCodes() == null ? -1 : request.cellTypes();
        BagAttention attention = new BagAttention(
                entropy,
                1 / squares,
                quantiles,
                top,
                weights,
                contributions,
                types < 0 ? null : new int[types],
                types < 0 ? null : new double[types],
                types < 0 ? null : new double[types]);
        if (types >= 0) {
            addTypes(request.cellTypeCodes(), w, t, count, attention);
        }
        return attention;
    }

    /** By linear interpolation between order statistics, type 7 of Hyndman and Fan. */
    private static double[] quantiles(double[] w, int count) {
        return count <= SORTED ? quantilesBySorting(w, count) : quantilesBySelection(w, count);
    }

    private static double[] quantilesBySorting(double[] w, int count) {
        double[] sorted = Arrays.copyOf(w, count);
        Arrays.sort(sorted);
        double[] quantiles = new double[LEVELS.length];
        for (int i = 0; i < LEVELS.length; i++) {
            double position = (count - 1) * LEVELS[i];
            int below = (int) position;
            double least = sorted[below];
            double next = sorted[Math.min(below + 1, count - 1)];
            quantiles[i] = least + (position - below) * (next - least);
        }
        return quantiles;
    }

    /** Sorting the weights of a large bag would take as long as a pass over its cells. */
    private static double[] quantilesBySelection(double[] w, int count) {
        Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_7);
        percentile.setData(w, 0, count);
        double[] quantiles = new double[LEVELS.length];
        quantiles[0] = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            quantiles[0] = Math.min(quantiles[0], w[i]);
        }
        for (int i = 1; i < LEVELS.length; i++) {
            quantiles[i] = percentile.evaluate(100 * LEVELS[i]);
        }
        return quantiles;
    }

    private static void addTypes(short[] codes, double[] w, double[] t, int count, BagAttention attention) {
        int types = attention.typeMass().length;
        if (codes.length != count) {
            throw new IllegalArgumentException("cell types: expected " + count + " codes, got " + codes.length);
        }
        for (int i = 0; i < count; i++) {
            int code = codes[i];
            if (code < -1 || code >= types) {
                throw new IllegalArgumentException(
                        "cell type of cell " + i + ": expected -1 to " + (types - 1) + ", got " + code);
            }
            if (code >= 0) {
                attention.typeCells()[code]++;
                attention.typeMass()[code] += w[i];
                attention.typeContribution()[code] += w[i] * t[i];
            }
        }
    }
}
