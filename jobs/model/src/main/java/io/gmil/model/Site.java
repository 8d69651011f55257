package io.gmil.model;

/**
 * What one labelled bag adds to the natural parameters of the posterior: H = rowsᵀ rows and the shift h.
 *
 * <p>With J_s the gradient of η at draw s, e₁ its score and e₂ its curvature: rows_s = √(e₂/S) J_s,
 * h = H m + Σ_s e₁ J_s / S.
 *
 * @param rank number of rows: 1 linearised, S sampled
 * @param rows rank × D, row-major
 * @param shift h (D)
 * @param residual E[(y − η)²] of a Normal outcome, whose H and h are times σ²; 0 for others
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared; its arrays are not to be written
public record Site(int rank, double[] rows, double[] shift, double residual) {
    public Site {
        if (rank < 1 || rows.length != rank * shift.length) {
            throw new IllegalArgumentException("site: expected " + rank + " (at least 1) rows of dimension "
                    + shift.length + ", got " + rows.length + " values");
        }
    }

    /** Of any outcome but a Normal one. */
    public Site(int rank, double[] rows, double[] shift) {
        this(rank, rows, shift, 0);
    }

    /** D. */
    public int dimension() {
        return shift.length;
    }

    /** tr H. */
    public double trace() {
        return Triangular.dot(rows, 0, rows, 0, rows.length);
    }

    /**
     * This site, with its gradient averaged into the one an earlier site predicts at the same mean. A site's gradient at
     * m is h − H m, so the mean over draws of several visits costs no further draws: as the weight falls from visit to
     * visit the noise of the draws averages out and the posterior comes to rest where exact expectations would put it.
     *
     * @param earlier site of the same bag, label and phase
     * @param mean m (D) this site was computed at
     * @param weight of this site's own gradient, in (0, 1]
     */
    public Site averagedInto(Site earlier, double[] mean, double weight) {
        if (earlier.dimension() != dimension() || mean.length != dimension() || !(weight > 0 && weight <= 1)) {
            throw new IllegalArgumentException("averaged site: expected dimension " + dimension()
                    + " and a weight in (0, 1], got dimensions " + earlier.dimension() + " and " + mean.length
                    + ", weight " + weight);
        }
        double[] own = curvatureTimes(mean);
        double[] before = earlier.curvatureTimes(mean);
        double[] averaged = new double[shift.length];
        for (int i = 0; i < averaged.length; i++) {
            averaged[i] = own[i] + (1 - weight) * (earlier.shift[i] - before[i]) + weight * (shift[i] - own[i]);
        }
        return new Site(rank, rows, averaged, (1 - weight) * earlier.residual + weight * residual);
    }

    /** h − H m (D): that of E[log p(y|η)] at the mean m the site was computed at; times σ² of a Normal outcome. */
    double[] gradient(double[] mean) {
        double[] gradient = curvatureTimes(mean);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = shift[i] - gradient[i];
        }
        return gradient;
    }

    /** H v. */
    private double[] curvatureTimes(double[] v) {
        int d = v.length;
        double[] product = new double[d];
        for (int row = 0; row < rank; row++) {
            double dot = 0;
            for (int i = 0; i < d; i++) {
                dot += rows[row * d + i] * v[i];
            }
            for (int i = 0; i < d; i++) {
                product[i] += dot * rows[row * d + i];
            }
        }
        return product;
    }
}
