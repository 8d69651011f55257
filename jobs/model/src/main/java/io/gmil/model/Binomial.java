package io.gmil.model;

/**
 * y ~ Binomial(n, σ(η)); n = 1 is Bernoulli. Each label carries its own n.
 *
 * @param trials n of labels that do not say
 */
public record Binomial(int trials) implements Likelihood {
    public Binomial {
        if (trials < 1) {
            throw new IllegalArgumentException("model trials: expected >= 1, got " + trials);
        }
    }

    @Override
    public int components() {
        return 1;
    }

    @Override
    public String refusal(Label label) {
        return label.y() >= 0 && label.y() <= label.trials() ? null : "0 to " + label.trials() + " successes";
    }

    @Override
    public void derivatives(Label label, double[] eta, double[] score, double[] curvature) {
        double p = LogisticGaussian.sigmoid(eta[0]);
        score[0] = label.y() - label.trials() * p;
        curvature[0] = label.trials() * p * (1 - p);
    }

    @Override
    public void expectedDerivatives(Label label, double[] mean, double[] sd, double[] score, double[] curvature) {
        score[0] = label.y() - label.trials() * LogisticGaussian.mean(mean[0], sd[0]);
        curvature[0] = label.trials() * LogisticGaussian.curvature(mean[0], sd[0]);
    }

    /** y η − n log(1 + e^η); log C(n, y) is left out. */
    @Override
    public double logLikelihood(Label label, double noise, double[] eta) {
        double softplus = Math.max(eta[0], 0) + Math.log1p(Math.exp(-Math.abs(eta[0])));
        return label.y() * eta[0] - label.trials() * softplus;
    }

    @Override
    public double[] mean(double[] eta) {
        return new double[] {LogisticGaussian.sigmoid(eta[0])};
    }
}
