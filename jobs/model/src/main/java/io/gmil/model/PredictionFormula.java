package io.gmil.model;

/**
 * The numbers of which {@link Predictor} makes a prediction, for programs that predict without this library. With raw
 * cells X (I × Q), 1/s = 1 / (sd √Q) and fixed effects f (K):
 *
 * <pre>
 * w = softmax(X γ'),   t = X β' + constant,   u = Σ w t,   η = f·α + u
 * z = (Xᵀw − mean) / s,   g = (Xᵀ(w t) − u Xᵀw) / s, or 0 without attention
 * sd = |F (f, g, z)|,   E[σ(η)] = Σ_j weights_j σ(η + sd nodes_j)
 * </pre>
 *
 * @param alpha α (K)
 * @param gamma γ' = γ / s (Q)
 * @param beta β' = β / s (Q)
 * @param constant −mean·β'
 * @param mean of the features (Q)
 * @param inverse 1/s (Q)
 * @param attention whether γ is uncertain, that is the model is past mean pooling
 * @param factor F (R × D) with S = Fᵀ F
 * @param nodes of the Gauss–Hermite rule
 * @param weights of the same, their sum 1
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record PredictionFormula(
        double[] alpha,
        double[] gamma,
        double[] beta,
        double constant,
        double[] mean,
        double[] inverse,
        boolean attention,
        double[] factor,
        double[] nodes,
        double[] weights) {

    /** Of a posterior and the scaler of its features. */
    public static PredictionFormula of(PosteriorSnapshot q, FeatureScaler scaler) {
        ModelSpec spec = q.spec();
        FoldedScaler folded = new FoldedScaler(spec.width(), scaler);
        double[] alpha = new double[spec.fixedEffects()];
        System.arraycopy(q.sharedMean(), 0, alpha, 0, alpha.length);
        double[] gamma = new double[spec.width()];
        double[] beta = new double[spec.width()];
        folded.fold(q.sharedMean(), spec.gamma(), gamma, 0);
        double constant = folded.fold(q.sharedMean(), spec.beta(), beta, 0);
        return new PredictionFormula(
                alpha,
                gamma,
                beta,
                constant,
                scaler.mean(),
                scaler.inverseScale(),
                q.phase() != Phase.MEAN_POOLING,
                rows(q.factor()),
                LogisticGaussian.nodes(),
                LogisticGaussian.weights());
    }

    private static double[] rows(Factor factor) {
        int d = factor.dimension();
        if (factor instanceof WideFactor wide) {
            double[] rows = new double[wide.deviations().length];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = wide.deviations()[i] / Math.sqrt(wide.count());
            }
            return rows;
        }
        double[] packed = ((ExactFactor) factor).packed();
        double[] rows = new double[d * d];
        for (int i = 0, from = 0; i < d; from += ++i) {
            System.arraycopy(packed, from, rows, i * d, i + 1);
        }
        return rows;
    }
}
