package io.gmil.model;

/**
 * A {@link FeatureScaler} as kernels use it: parameters are moved to raw features, statistics are moved back.
 *
 * <pre>
 * x'·β = x·β' − mean·β',   β' = β / (sd √Q)
 * z' = (z − mean) / (sd √Q)
 * g' = (Σ w t x − u z) / (sd √Q)      the shift drops out since Σ w (t − u) = 0
 * </pre>
 */
final class FoldedScaler {
    private final double[] mean;
    private final double[] inverse;

    FoldedScaler(int width, FeatureScaler scaler) {
        if (scaler.width() != width) {
            throw new IllegalArgumentException(
                    "scaler: expected width " + width + " of the model, got " + scaler.width());
        }
        this.mean = scaler.mean();
        this.inverse = scaler.inverseScale();
    }

    /** Writes p' = p / (sd √Q) of the Q parameters at {@code from} to {@code out}; returns −mean·p'. */
    double fold(double[] parameters, int from, double[] out, int to) {
        double constant = 0;
        for (int q = 0; q < inverse.length; q++) {
            double folded = parameters[from + q] * inverse[q];
            out[to + q] = folded;
            constant -= mean[q] * folded;
        }
        return constant;
    }

    /**
     * Writes z' and, with attention, g' into a row of J.
     *
     * @param weighted Σ e x at {@code w}, Σ e t x at {@code wt} (Q each), not normalised
     * @param total Σ e
     * @param u Σ e t / Σ e
     */
    void statistics(
            double[] weighted, int w, int wt, double total, double u, boolean attention, double[] out, int g, int z) {
        double share = 1 / total;
        for (int q = 0; q < inverse.length; q++) {
            double centre = weighted[w + q] * share;
            out[z + q] = (centre - mean[q]) * inverse[q];
            out[g + q] = attention ? (weighted[wt + q] * share - u * centre) * inverse[q] : 0;
        }
    }
}
