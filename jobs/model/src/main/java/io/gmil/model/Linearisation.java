package io.gmil.model;

/**
 * The linear predictor of a bag around the posterior mean m: η ≈ etaMean + J·(θ − m). All that a linearised site needs
 * besides the label, so that a bag whose label comes later need not be read again.
 *
 * @param gradient J (D)
 * @param etaMean η at m
 * @param etaVariance JᵀSJ
 * @param gradientTimesMean J·m
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared
public record Linearisation(double[] gradient, double etaMean, double etaVariance, double gradientTimesMean)
        implements NormalEta {
    private static final double MAX_VARIANCE = 30;
    private static final double MIN_CURVATURE = 1e-3;

    /**
     * The linearised site (DESIGN §4): v = min(JᵀSJ, 30), e₁ = y − n E[σ(η)], e₂ = max(n E[σ(1−σ)], 10⁻³),
     * η ~ N(etaMean, v); H = e₂ J Jᵀ, h = H m + e₁ J.
     *
     * @param y successes in {@code trials}
     */
    public Site site(double y, int trials) {
        double sd = Math.sqrt(Math.min(etaVariance, MAX_VARIANCE));
        double score = y - trials * LogisticGaussian.mean(etaMean, sd);
        double curvature = Math.max(trials * LogisticGaussian.curvature(etaMean, sd), MIN_CURVATURE);
        double root = Math.sqrt(curvature);
        double slope = curvature * gradientTimesMean + score;
        double[] row = new double[gradient.length];
        double[] shift = new double[gradient.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = root * gradient[i];
            shift[i] = slope * gradient[i];
        }
        return new Site(1, row, shift);
    }
}
