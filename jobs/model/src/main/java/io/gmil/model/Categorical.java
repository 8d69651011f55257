package io.gmil.model;

import java.util.Arrays;

/**
 * y ~ Categorical(softmax(η_1, …, η_C)): one (α, γ, β) and one posterior for each class, coupled through the softmax;
 * curvature between classes is dropped (DESIGN §4).
 *
 * @param classes C
 */
public record Categorical(int classes) implements Likelihood {
    public Categorical {
        if (classes < 2) {
            throw new IllegalArgumentException("model classes: expected >= 2, got " + classes);
        }
    }

    @Override
    public int components() {
        return classes;
    }

    @Override
    public String refusal(Label label) {
        boolean index = label.y() >= 0 && label.y() < classes && label.y() == Math.rint(label.y());
        return index && label.trials() == 1 ? null : "the index of a class, 0 to " + (classes - 1);
    }

    @Override
    public void derivatives(Label label, double[] eta, double[] score, double[] curvature) {
        SoftmaxGaussian.softmax(eta, score);
        for (int c = 0; c < classes; c++) {
            curvature[c] = score[c] * (1 - score[c]);
            score[c] = (c == (int) label.y() ? 1 : 0) - score[c];
        }
    }

    @Override
    public void expectedDerivatives(Label label, double[] mean, double[] sd, double[] score, double[] curvature) {
        SoftmaxGaussian.of(classes).moments(mean, sd, score, curvature);
        for (int c = 0; c < classes; c++) {
            score[c] = (c == (int) label.y() ? 1 : 0) - score[c];
        }
    }

    @Override
    public double logLikelihood(Label label, double noise, double[] eta) {
        double largest = Arrays.stream(eta).max().orElseThrow();
        double sum = 0;
        for (double value : eta) {
            sum += Math.exp(value - largest);
        }
        return eta[(int) label.y()] - largest - Math.log(sum);
    }

    @Override
    public double[] mean(double[] eta) {
        double[] p = new double[classes];
        SoftmaxGaussian.softmax(eta, p);
        return p;
    }
}
