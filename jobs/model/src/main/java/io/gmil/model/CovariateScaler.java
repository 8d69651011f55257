package io.gmil.model;

import java.util.List;

/**
 * Turns raw covariates into fixed effects f = (1, (c − mean)/sd …): covariates are standardised, the intercept is not.
 *
 * @param mean (K − 1), may be empty
 * @param sd (K − 1), positive
 */
@SuppressWarnings("ArrayRecordComponent") // compared by identity on purpose; frozen after construction
public record CovariateScaler(double[] mean, double[] sd) {
    public CovariateScaler {
        if (mean.length != sd.length) {
            throw new IllegalArgumentException(
                    "covariates: expected as many sd as means, got " + mean.length + " means, " + sd.length + " sd");
        }
        for (int k = 0; k < sd.length; k++) {
            if (!(sd[k] > 0) || !Double.isFinite(sd[k]) || !Double.isFinite(mean[k])) {
                throw new IllegalArgumentException("covariates: expected a finite mean and a positive sd, got "
                        + mean[k] + " and " + sd[k] + " for covariate " + k);
            }
        }
        mean = mean.clone();
        sd = sd.clone();
    }

    /** Mean and standard deviation (ddof 0) of these rows of raw covariates, at least one; a constant is not scaled. */
    public static CovariateScaler of(List<double[]> rows) {
        int columns = rows.get(0).length;
        double[] mean = new double[columns];
        double[] sd = new double[columns];
        for (int k = 0; k < columns; k++) {
            int column = k;
            double first = rows.get(0)[k];
            if (rows.stream().allMatch(row -> row[column] == first)) { // whose spread need not come out as 0
                mean[k] = first;
                sd[k] = 1;
                continue;
            }
            mean[k] = rows.stream().mapToDouble(row -> row[column]).average().orElseThrow();
            double spread = Math.sqrt(rows.stream()
                    .mapToDouble(row -> row[column] - mean[column])
                    .map(d -> d * d)
                    .average()
                    .orElseThrow());
            sd[k] = spread > 0 ? spread : 1;
        }
        return new CovariateScaler(mean, sd);
    }

    /** Only an intercept. */
    public static CovariateScaler none() {
        return new CovariateScaler(new double[0], new double[0]);
    }

    /** K, the intercept included. */
    public int fixedEffects() {
        return mean.length + 1;
    }

    /** f (K) of raw covariates (K − 1), all finite. */
    public double[] fixedEffects(double[] raw) {
        if (raw.length != mean.length) {
            throw new IllegalArgumentException("covariates: expected " + mean.length + ", got " + raw.length);
        }
        double[] f = new double[raw.length + 1];
        f[0] = 1;
        for (int k = 0; k < raw.length; k++) {
            if (!Double.isFinite(raw[k])) {
                throw new IllegalArgumentException("covariate " + k + ": expected a finite value, got " + raw[k]);
            }
            f[k + 1] = (raw[k] - mean[k]) / sd[k];
        }
        return f;
    }
}
