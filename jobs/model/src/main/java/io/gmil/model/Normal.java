package io.gmil.model;

/** y ~ N(η, σ²) with σ² learned; labels are to be standardised by who knows their unit. */
public record Normal() implements Likelihood {
    private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

    @Override
    public int components() {
        return 1;
    }

    @Override
    public String refusal(Label label) {
        return label.trials() == 1 ? null : "a number without trials";
    }

    @Override
    public void derivatives(Label label, double[] eta, double[] score, double[] curvature) {
        score[0] = label.y() - eta[0];
        curvature[0] = 1;
    }

    @Override
    public void expectedDerivatives(Label label, double[] mean, double[] sd, double[] score, double[] curvature) {
        derivatives(label, mean, score, curvature);
    }

    @Override
    public double logLikelihood(Label label, double noise, double[] eta) {
        double residual = label.y() - eta[0];
        return -(LOG_TWO_PI + Math.log(noise) + residual * residual / noise) / 2;
    }

    @Override
    public double[] mean(double[] eta) {
        return new double[] {eta[0]};
    }
}
