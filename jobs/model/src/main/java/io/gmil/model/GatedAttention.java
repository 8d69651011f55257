package io.gmil.model;

import java.util.List;

/**
 * A gated attention network for bags (Ilse, Tomczak, Welling 2018), which GMIL is compared with:
 *
 * <pre>
 * e_i = wᵀ (tanh(Vᵀx_i + v) ⊙ σ(Uᵀx_i + u)),   a = softmax(e),   z = Σ a_i x_i,   η_c = f·α_c + z·β_c,   y ~ p(y | η)
 * </pre>
 *
 * <p>The likelihood is that of the outcome: Binomial(n, σ(η)), Categorical(softmax(η_1, …, η_C)), of which all classes share
 * one attention as in the paper, or Normal(η, 1). x_i are standardised features (not divided by √Q). {@link #mean} is plain
 * Java over one pass of a bag's cells. Immutable but for its buffers, hence thread-confined.
 */
public final class GatedAttention {
    /** Patients it takes to train: a validation part of one and something to learn. */
    public static final int FEWEST_PATIENTS = 4;

    private final FeatureScaler scaler;
    private final GatedAttentionWeights weights;
    private final Likelihood likelihood;
    private final double[] x;
    private final double[] gates;

    GatedAttention(FeatureScaler scaler, GatedAttentionWeights weights, Likelihood likelihood) {
        this.scaler = scaler;
        this.weights = weights;
        this.likelihood = likelihood;
        this.x = new double[scaler.width()];
        this.gates = new double[2 * weights.hidden()];
    }

    /**
     * Trains by Adam on minibatches and stops early: a part of the patients, stratified by label, is kept from the gradient,
     * and the parameters of the epoch that predicts it best are the result.
     *
     * @param bags of at least {@value #FEWEST_PATIENTS} patients
     * @param patients of the bags, in their order; those of one patient are in the same part
     * @param likelihood of the labels
     * @param scaler of the features, fitted to these bags only
     * @param seed of the parameters at the start, the validation part and the order
     */
    public static GatedAttention fit(
            List<LabelledBag> bags, List<String> patients, Likelihood likelihood, FeatureScaler scaler, long seed) {
        return GatedAttentionFit.defaults(seed).fit(bags, patients, likelihood, scaler);
    }

    /** What is expected of the label of a bag: σ(η), the probability of each class (C), or the number. */
    public double[] mean(Cells cells, double[] fixedEffects) {
        return likelihood.mean(eta(cells, fixedEffects));
    }

    /** η (C), the softmax carried along with a running maximum. */
    double[] eta(Cells cells, double[] fixedEffects) {
        int k = weights.fixedEffects();
        if (cells.width() != x.length || fixedEffects.length != k) {
            throw new IllegalArgumentException("bag: expected width " + x.length + " and " + k + " fixed effects, got "
                    + cells.width() + " and " + fixedEffects.length);
        }
        Pooled pooled = new Pooled(weights);
        cells.forEachBlock((values, rows) -> {
            for (int row = 0; row < rows; row++) {
                standardise(values, row * x.length);
                pooled.add(attention(), x);
            }
        });
        double[] eta = new double[weights.components()];
        for (int c = 0; c < eta.length; c++) {
            eta[c] = Triangular.dot(fixedEffects, 0, weights.alpha(), c * k, k) + pooled.effect(c);
        }
        return eta;
    }

    private void standardise(float[] values, int from) {
        for (int q = 0; q < x.length; q++) {
            x[q] = (values[from + q] - scaler.mean()[q]) / scaler.sd()[q];
        }
    }

    private double attention() {
        int hidden = weights.hidden();
        System.arraycopy(weights.gateOffsets(), 0, gates, 0, gates.length);
        for (int q = 0; q < x.length; q++) {
            Triangular.axpy(x[q], weights.gates(), q * gates.length, gates, 0, gates.length);
        }
        double e = 0;
        for (int h = 0; h < hidden; h++) {
            e += weights.attention()[h] * tanh(gates[h]) * LogisticGaussian.sigmoid(gates[hidden + h]);
        }
        return e;
    }

    /** 2 σ(2x) − 1: one exponential, where {@link Math#tanh} takes several times as long. */
    static double tanh(double x) {
        return 2 * LogisticGaussian.sigmoid(2 * x) - 1;
    }

    /** Σ a_i x_i·β_c of cells that come one by one. */
    private static final class Pooled {
        private final double[] beta;
        private final double[] sums;
        private double largest = Double.NEGATIVE_INFINITY;
        private double mass;

        Pooled(GatedAttentionWeights weights) {
            this.beta = weights.beta();
            this.sums = new double[weights.components()];
        }

        void add(double e, double[] x) {
            if (e > largest) {
                double shrink = Math.exp(largest - e);
                mass *= shrink;
                for (int c = 0; c < sums.length; c++) {
                    sums[c] *= shrink;
                }
                largest = e;
            }
            double a = Math.exp(e - largest);
            mass += a;
            for (int c = 0; c < sums.length; c++) {
                sums[c] += a * Triangular.dot(x, 0, beta, c * x.length, x.length);
            }
        }

        double effect(int component) {
            if (!(mass > 0)) {
                throw new IllegalArgumentException("bag: expected at least 1 cell of finite values");
            }
            return sums[component] / mass;
        }
    }
}
