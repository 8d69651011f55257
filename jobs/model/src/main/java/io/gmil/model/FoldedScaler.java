package io.gmil.model;

import java.util.Arrays;

/**
 * A {@link FeatureScaler} as kernels use it: cells are taken less their mean, parameters are moved to that, statistics are
 * moved back.
 *
 * <pre>
 * x'·β = (x − mean)·β',   β' = β / (sd √Q)
 * z' = Σ w (x − mean) / (sd √Q)
 * g' = (Σ w t (x − mean) − u Σ w (x − mean)) / (sd √Q)
 * </pre>
 *
 * <p>Thread-confined: buffers are reused.
 */
final class FoldedScaler {
    private final double[] mean;
    private final double[] inverse;

    /** z and g of the pair at hand. */
    private final double[] centre;

    private final double[] gradient;

    FoldedScaler(int width, FeatureScaler scaler) {
        if (scaler.width() != width) {
            throw new IllegalArgumentException(
                    "scaler: expected width " + width + " of the model, got " + scaler.width());
        }
        this.mean = scaler.mean();
        this.inverse = scaler.inverseScale();
        this.centre = new double[width];
        this.gradient = new double[width];
    }

    /** What to take off the cells (Q); not to be written. */
    double[] mean() {
        return mean;
    }

    /** Writes p' = p / (sd √Q) of the Q parameters at {@code from} to {@code out}. */
    void fold(double[] parameters, int from, double[] out, int to) {
        for (int q = 0; q < inverse.length; q++) {
            out[to + q] = parameters[from + q] * inverse[q];
        }
    }

    /**
     * Writes z' and, with attention, g' into a row of J.
     *
     * @param weighted Σ e (x − mean) at {@code w}, Σ e t (x − mean) at {@code wt} (Q each), not normalised
     * @param total Σ e
     * @param u Σ e t / Σ e
     */
    void statistics(
            double[] weighted, int w, int wt, double total, double u, boolean attention, double[] out, int g, int z) {
        int width = inverse.length;
        scale(weighted, w, wt, 1 / total, u);
        System.arraycopy(centre, 0, out, z, width);
        if (attention) {
            System.arraycopy(gradient, 0, out, g, width);
        } else {
            Arrays.fill(out, g, g + width, 0);
        }
    }

    /** Into arrays of their own, so that it is compiled to vector instructions. */
    private void scale(double[] weighted, int w, int wt, double share, double u) {
        double[] z = centre;
        double[] g = gradient;
        double[] s = inverse;
        for (int q = 0; q < z.length; q++) {
            double raw = weighted[w + q] * share;
            z[q] = raw * s[q];
            g[q] = (weighted[wt + q] * share - u * raw) * s[q];
        }
    }
}
