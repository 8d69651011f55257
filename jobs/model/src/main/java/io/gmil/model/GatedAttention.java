package io.gmil.model;

import java.util.List;

/**
 * A gated attention network for bags (Ilse, Tomczak, Welling 2018), which GMIL is compared with:
 *
 * <pre>
 * e_i = wᵀ (tanh(Vᵀx_i + v) ⊙ σ(Uᵀx_i + u)),   a = softmax(e),   z = Σ a_i x_i,   η = f·α + z·β,   y ~ Binomial(n, σ(η))
 * </pre>
 *
 * <p>x_i are standardised features (not divided by √Q). {@link #probability} is plain Java over one pass of a bag's
 * cells. Immutable but for its buffers, hence thread-confined.
 */
public final class GatedAttention {
    private final FeatureScaler scaler;
    private final GatedAttentionWeights weights;
    private final double[] x;
    private final double[] gates;

    GatedAttention(FeatureScaler scaler, GatedAttentionWeights weights) {
        this.scaler = scaler;
        this.weights = weights;
        this.x = new double[scaler.width()];
        this.gates = new double[2 * weights.hidden()];
    }

    /**
     * Trains by Adam on minibatches and stops early: a part of the bags, stratified by label, is kept from the gradient,
     * and the parameters of the epoch that predicts it best are the result.
     *
     * @param bags at least 4, for a validation part of one and something to learn
     * @param scaler of the features, fitted to these bags only
     * @param seed of the parameters at the start, the validation part and the order
     */
    public static GatedAttention fit(List<LabelledBag> bags, FeatureScaler scaler, long seed) {
        return GatedAttentionFit.defaults(seed).fit(bags, scaler);
    }

    /** σ(η) of a bag. */
    public double probability(Cells cells, double[] fixedEffects) {
        return LogisticGaussian.sigmoid(eta(cells, fixedEffects));
    }

    /** η, the softmax carried along with a running maximum. */
    double eta(Cells cells, double[] fixedEffects) {
        if (cells.width() != x.length || fixedEffects.length != weights.alpha().length) {
            throw new IllegalArgumentException("bag: expected width " + x.length + " and " + weights.alpha().length
                    + " fixed effects, got " + cells.width() + " and " + fixedEffects.length);
        }
        Pooled pooled = new Pooled();
        cells.forEachBlock((values, rows) -> {
            for (int row = 0; row < rows; row++) {
                standardise(values, row * x.length);
                pooled.add(attention(), Triangular.dot(x, 0, weights.beta(), 0, x.length));
            }
        });
        return Triangular.dot(fixedEffects, 0, weights.alpha(), 0, fixedEffects.length) + pooled.effect();
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

    /** Σ a_i t_i of values t_i = x_i·β that come one by one. */
    private static final class Pooled {
        private double largest = Double.NEGATIVE_INFINITY;
        private double mass;
        private double sum;

        void add(double e, double t) {
            if (e > largest) {
                double shrink = Math.exp(largest - e);
                mass *= shrink;
                sum *= shrink;
                largest = e;
            }
            double a = Math.exp(e - largest);
            mass += a;
            sum += a * t;
        }

        double effect() {
            if (!(mass > 0)) {
                throw new IllegalArgumentException("bag: expected at least 1 cell of finite values");
            }
            return sum / mass;
        }
    }
}
