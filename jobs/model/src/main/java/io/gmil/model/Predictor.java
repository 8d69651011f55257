package io.gmil.model;

/**
 * Predicts one bag: η ~ N(f·α + u, JᵀSJ) with u and J at the posterior mean; in mean pooling γ is 0 and its part of J is
 * left out. One pass over the cells, in plain Java, so a prediction never depends on another bag.
 *
 * <p>Thread-confined: buffers are reused, predictions are new.
 */
public final class Predictor {
    /** 95 % quantile of N(0, 1). */
    private static final double Z95 = 1.6448536269514722;

    private final ModelSpec spec;
    private final FoldedScaler scaler;
    private final CellScan scan;
    private final double[] jacobian;
    private PosteriorSnapshot folded;

    public Predictor(ModelSpec spec, FeatureScaler scaler) {
        this.spec = spec;
        this.scaler = new FoldedScaler(spec, scaler);
        this.scan = new CellScan(spec, this.scaler);
        this.jacobian = new double[spec.dimension()];
    }

    /** Without attention. */
    public BagPrediction predict(Cells cells, double[] fixedEffects, PosteriorSnapshot q) {
        return predict(cells, fixedEffects, q, null);
    }

    /** @param request null for no attention */
    public BagPrediction predict(Cells cells, double[] fixedEffects, PosteriorSnapshot q, AttentionRequest request) {
        check(cells, fixedEffects, q);
        if (folded != q) {
            scan.parameters(spec, scaler, q.sharedMean());
            folded = q;
        }
        SoftmaxSums sums = scan.scan(cells, request != null);
        sums.jacobian(0, fixedEffects, q.phase() != Phase.MEAN_POOLING, jacobian, 0);
        double fixed = Triangular.dot(fixedEffects, 0, q.sharedMean(), 0, spec.fixedEffects());
        double eta = fixed + sums.u(0);
        double variance = q.variance(jacobian);
        double sd = Math.sqrt(variance);
        double product = Triangular.dot(jacobian, 0, q.sharedMean(), 0, jacobian.length);
        BagAttention attention = request == null
                ? null
                : AttentionSummary.of(request, scan.entropy(), scan.weights(), scan.ts(), scan.count());
        return new BagPrediction(
                eta,
                sd,
                fixed,
                sums.u(0),
                LogisticGaussian.mean(eta, sd),
                LogisticGaussian.sigmoid(eta - Z95 * sd),
                LogisticGaussian.sigmoid(eta + Z95 * sd),
                new Linearisation(jacobian.clone(), eta, variance, product),
                attention);
    }

    private void check(Cells cells, double[] fixedEffects, PosteriorSnapshot q) {
        if (cells.width() != spec.width() || fixedEffects.length != spec.fixedEffects()) {
            throw new IllegalArgumentException("bag: expected width " + spec.width() + " and " + spec.fixedEffects()
                    + " fixed effects, got " + cells.width() + " and " + fixedEffects.length);
        }
        if (q.spec().dimension() != spec.dimension()) {
            throw new IllegalArgumentException("posterior: expected dimension " + spec.dimension() + ", got "
                    + q.spec().dimension());
        }
        if (cells.count() < 1) {
            throw new IllegalArgumentException("bag: expected at least 1 cell, got " + cells.count());
        }
    }
}
