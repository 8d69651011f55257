package io.gmil.model;

import java.util.Arrays;

/**
 * The frozen feature scaling x' = (x − mean) / (sd √Q) of one embedding version (DESIGN §3).
 *
 * <p>Kernels never build x'. They fold its scale into the parameters, γ' = γ / (sd √Q) and β' = β / (sd √Q), see
 * {@link FoldedScaler}.
 *
 * @param mean (Q)
 * @param sd (Q), positive
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity on purpose; frozen after construction
public record FeatureScaler(double[] mean, double[] sd) {
    public FeatureScaler {
        if (mean.length < 1 || mean.length != sd.length) {
            throw new IllegalArgumentException(
                    "scaler: expected as many sd as means, got " + mean.length + " means, " + sd.length + " sd");
        }
        for (int q = 0; q < sd.length; q++) {
            if (!(sd[q] > 0) || !Double.isFinite(sd[q]) || !Double.isFinite(mean[q])) {
                throw new IllegalArgumentException("scaler: expected a finite mean and a positive sd, got " + mean[q]
                        + " and " + sd[q] + " for feature " + q);
            }
        }
        mean = mean.clone();
        sd = sd.clone();
    }

    /** The scaler of these moments. */
    public static FeatureScaler of(FeatureMoments moments) {
        return new FeatureScaler(moments.mean(), moments.sd());
    }

    /** x' = x. */
    public static FeatureScaler identity(int width) {
        double[] sd = new double[width];
        Arrays.fill(sd, 1 / Math.sqrt(width));
        return new FeatureScaler(new double[width], sd);
    }

    public int width() {
        return mean.length;
    }

    /** 1 / (sd √Q), (Q). */
    public double[] inverseScale() {
        double[] inverse = new double[sd.length];
        double root = Math.sqrt(sd.length);
        for (int q = 0; q < inverse.length; q++) {
            inverse[q] = 1 / (sd[q] * root);
        }
        return inverse;
    }
}
