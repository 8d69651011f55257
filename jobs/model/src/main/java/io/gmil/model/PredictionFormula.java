package io.gmil.model;

/**
 * The numbers of which {@link Predictor} makes a prediction, for programs that predict without this library. With cells less
 * the mean of the features X (I × Q), 1/s = 1 / (sd √Q) and fixed effects f (K):
 *
 * <pre>
 * w = softmax(X γ'),   t = X β',   u = Σ w t,   η = f·α + u
 * z = Xᵀw / s,   g = (Xᵀ(w t) − u Xᵀw) / s, or 0 without attention
 * sd² = |d ∘ J|² + sign |F J|²  with J = (f, g, z),   E[σ(η)] = Σ_j weights_j σ(η + sd nodes_j)
 * </pre>
 *
 * <p>Of a categorical outcome each class has a formula, and E[softmax(η)] is the mean over {@link #softmaxPoints}.
 *
 * @param alpha α (K)
 * @param gamma γ' = γ / s (Q)
 * @param beta β' = β / s (Q)
 * @param mean of the features (Q)
 * @param inverse 1/s (Q)
 * @param attention whether γ is uncertain, that is the model is past mean pooling
 * @param factor F, see {@link Root}
 * @param nodes of the Gauss–Hermite rule
 * @param weights of the same, their sum 1
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record PredictionFormula(
        double[] alpha,
        double[] gamma,
        double[] beta,
        double[] mean,
        double[] inverse,
        boolean attention,
        Root factor,
        double[] nodes,
        double[] weights) {

    /**
     * A covariance S = diag(d²) + sign FᵀF. One that is held by the rows R of sites is Λ₀⁻¹ − FᵀF with F = L⁻¹ R Λ₀⁻¹ / σ,
     * see {@link RowFactor}: M × D values and not D × D.
     *
     * @param diagonal d (D), none where it is 0
     * @param rows F (R × D), none where it is 0
     * @param sign 1 or −1
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    public record Root(double[] diagonal, double[] rows, int sign) {}

    /** Of a posterior and the scaler of its features. */
    public static PredictionFormula of(PosteriorSnapshot q, FeatureScaler scaler) {
        ModelSpec spec = q.spec();
        FoldedScaler folded = new FoldedScaler(spec.width(), scaler);
        double[] alpha = new double[spec.fixedEffects()];
        System.arraycopy(q.sharedMean(), 0, alpha, 0, alpha.length);
        double[] gamma = new double[spec.width()];
        double[] beta = new double[spec.width()];
        folded.fold(q.sharedMean(), spec.gamma(), gamma, 0);
        folded.fold(q.sharedMean(), spec.beta(), beta, 0);
        return new PredictionFormula(
                alpha,
                gamma,
                beta,
                scaler.mean(),
                scaler.inverseScale(),
                q.phase() != Phase.MEAN_POOLING,
                root(q.factor()),
                LogisticGaussian.nodes(),
                LogisticGaussian.weights());
    }

    /** How many numbers the factor of this posterior has, to be known before it is made. */
    public static long size(PosteriorSnapshot q) {
        long d = q.factor().dimension();
        if (q.factor() instanceof RowFactor rows) {
            return rows.rows().count() * d;
        }
        return q.factor() instanceof DiagonalFactor ? d : d * d;
    }

    private static Root root(Factor factor) {
        if (factor instanceof RowFactor rows) {
            return new Root(rows.priorDeviations(), rows.correction(), -1);
        }
        if (factor instanceof DiagonalFactor diagonal) {
            return new Root(diagonal.deviations(), new double[0], 1);
        }
        double[] rows;
        if (factor instanceof WideFactor wide) {
            rows = mean(wide);
        } else if (factor instanceof DenseFactor dense) {
            rows = square(dense.inverse(), dense.dimension());
        } else {
            rows = unpacked(((ExactFactor) factor).packed(), factor.dimension());
        }
        return new Root(new double[0], rows, 1);
    }

    private static double[] mean(WideFactor wide) {
        double[] rows = new double[wide.deviations().length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = wide.deviations()[i] / Math.sqrt(wide.count());
        }
        return rows;
    }

    /** The lower triangle alone. */
    private static double[] square(double[] inverse, int d) {
        double[] rows = new double[d * d];
        for (int i = 0; i < d; i++) {
            System.arraycopy(inverse, i * d, rows, i * d, i + 1);
        }
        return rows;
    }

    private static double[] unpacked(double[] packed, int d) {
        double[] rows = new double[d * d];
        for (int i = 0, from = 0; i < d; from += ++i) {
            System.arraycopy(packed, from, rows, i * d, i + 1);
        }
        return rows;
    }

    /** Standard normal points (N × C): E[softmax(η)] is the mean of softmax(η + sd ∘ point) over them. */
    public static double[] softmaxPoints(int classes) {
        return SoftmaxGaussian.of(classes).points();
    }
}
