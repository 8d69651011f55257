package io.gmil.model;

import java.util.Arrays;

/**
 * S by the rows R (M × D) of the sites, for fewer rows than parameters (Woodbury). Λ₀ is constant within a block, and
 *
 * <pre>
 * Λ = Λ₀ + RᵀR / σ²,   A = I + R Λ₀⁻¹ Rᵀ / σ² = L Lᵀ (M × M),   S = Λ₀⁻¹ − Λ₀⁻¹ Rᵀ A⁻¹ R Λ₀⁻¹ / σ²
 * </pre>
 */
final class RowFactor implements WholeFactor {
    private final int[] blocks;
    private final double[] prior;
    private final double noise;
    private final Rows rows;
    private final double[] cholesky;
    private final double[] traces;

    /**
     * @param blocks see {@link ModelSpec#blocks()}
     * @param prior the diagonal of Λ₀ by block
     * @param noise σ²
     * @param cholesky L on the lower triangle, not to be written
     * @param traces of S; null if they are to be computed when they are asked for
     */
    RowFactor(int[] blocks, double[] prior, double noise, Rows rows, double[] cholesky, double[] traces) {
        this.blocks = blocks;
        this.prior = prior;
        this.noise = noise;
        this.rows = rows;
        this.cholesky = cholesky;
        this.traces = traces;
    }

    @Override
    public int dimension() {
        return rows.dimension();
    }

    @Override
    public int noise() {
        return rows.dimension() + rows.count();
    }

    double[] prior() {
        return prior;
    }

    double noiseVariance() {
        return noise;
    }

    Rows rows() {
        return rows;
    }

    double[] cholesky() {
        return cholesky;
    }

    /** JᵀΛ₀⁻¹J − |L⁻¹ R Λ₀⁻¹ J|² / σ². */
    @Override
    public double variance(double[] jacobian) {
        double[] x = jacobian.clone();
        overPrior(x, 1);
        double[] v = new double[rows.count()];
        rows.times(x, 1, v);
        Triangular.solve(cholesky, v.length, v);
        double all = Triangular.dot(jacobian, 0, x, 0, x.length);
        return Math.max(0, all - Triangular.dot(v, 0, v, 0, v.length) / noise);
    }

    /** Λ₀^{-1/2} (D). */
    double[] priorDeviations() {
        double[] sd = new double[dimension()];
        for (int b = 0; b < prior.length; b++) {
            Arrays.fill(sd, blocks[b], blocks[b + 1], 1 / Math.sqrt(prior[b]));
        }
        return sd;
    }

    /** F = L⁻¹ R Λ₀⁻¹ / σ (M × D), with S = Λ₀⁻¹ − FᵀF; O(M² D). */
    double[] correction() {
        int d = dimension();
        int m = rows.count();
        double[] f = new double[m * d];
        for (int i = 0; i < m; i++) {
            if (rows.values()[i] != null) {
                System.arraycopy(rows.values()[i], rows.offsets()[i], f, i * d, d);
            }
        }
        overPrior(f, m);
        double sigma = Math.sqrt(noise);
        for (int i = 0; i < m; i++) {
            for (int k = 0; k < d; k++) {
                f[i * d + k] /= sigma;
            }
            for (int j = 0; j < i; j++) {
                Triangular.axpy(-cholesky[i * m + j], f, j * d, f, i * d, d);
            }
            for (int k = 0; k < d; k++) {
                f[i * d + k] /= cholesky[i * m + i];
            }
        }
        return f;
    }

    /** x ← S x. */
    void times(double[] x) {
        overPrior(x, 1);
        double[] v = new double[rows.count()];
        rows.times(x, 1, v);
        solve(v, 0);
        subtract(v, 1, noise, x);
    }

    /** xᵀΛx. */
    double squaredNorm(double[] x) {
        double sum = 0;
        for (int b = 0; b < prior.length; b++) {
            sum += prior[b] * Triangular.dot(x, blocks[b], x, blocks[b], blocks[b + 1] - blocks[b]);
        }
        double[] v = new double[rows.count()];
        rows.times(x, 1, v);
        return sum + Triangular.dot(v, 0, v, 0, v.length) / noise;
    }

    /** δ = θ − Λ₀⁻¹ Rᵀ A⁻¹ (R θ / σ + ε₂) / σ with θ = Λ₀^{-1/2} ε₁ (Matheron's rule): a draw of the prior, corrected. */
    @Override
    public void deviate(double[] normal, int count, double[] out) {
        int m = rows.count();
        for (int s = 0, at = 0; s < count; s++) {
            for (int b = 0; b < prior.length; b++) {
                for (double sd = 1 / Math.sqrt(prior[b]); at < s * dimension() + blocks[b + 1]; at++) {
                    out[at] = sd * normal[at];
                }
            }
        }
        double[] y = new double[count * m];
        rows.times(out, count, y);
        double sigma = Math.sqrt(noise);
        for (int i = 0, second = count * dimension(); i < y.length; i++) {
            y[i] = y[i] / sigma + normal[second + i];
        }
        for (int s = 0; s < count; s++) {
            solve(y, s);
        }
        subtract(y, count, sigma, out);
    }

    /** v_s ← A⁻¹ v_s. */
    private void solve(double[] v, int s) {
        int m = rows.count();
        double[] own = Arrays.copyOfRange(v, s * m, (s + 1) * m);
        Triangular.solve(cholesky, m, own);
        Triangular.solveTransposed(cholesky, m, own);
        System.arraycopy(own, 0, v, s * m, m);
    }

    /** x ← x − Λ₀⁻¹ Rᵀ v / divisor. */
    private void subtract(double[] v, int count, double divisor, double[] x) {
        double[] correction = new double[count * dimension()];
        rows.transposedTimes(v, count, correction);
        overPrior(correction, count);
        Triangular.axpy(-1 / divisor, correction, 0, x, 0, correction.length);
    }

    /** x ← Λ₀⁻¹ x. */
    private void overPrior(double[] x, int count) {
        for (int s = 0, at = 0; s < count; s++) {
            for (int b = 0; b < prior.length; b++) {
                for (; at < s * dimension() + blocks[b + 1]; at++) {
                    x[at] /= prior[b];
                }
            }
        }
    }

    /** The same, with traces by Gram matrices of these rows. */
    RowFactor withTraces(RowGrams grams) {
        return new RowFactor(blocks, prior, noise, rows, cholesky, grams.traces(rows, prior, noise, cholesky));
    }

    @Override
    public double[] traces() {
        return traces == null ? withTraces(RowGrams.of(blocks, rows)).traces : traces.clone();
    }

    /** Column by column, O(M D²). */
    @Override
    public double[] covariance() {
        int d = dimension();
        double[] s = new double[d * d];
        for (int i = 0; i < d; i++) {
            double[] column = new double[d];
            column[i] = 1;
            times(column);
            System.arraycopy(column, 0, s, i * d, d);
        }
        return s;
    }

    /** −log|Λ₀| − log|A|. */
    @Override
    public double logDeterminant() {
        double sum = 0;
        for (int b = 0; b < prior.length; b++) {
            sum -= (blocks[b + 1] - blocks[b]) * Math.log(prior[b]);
        }
        int m = rows.count();
        for (int i = 0; i < m; i++) {
            sum -= 2 * Math.log(cholesky[i * m + i]);
        }
        return sum;
    }
}
