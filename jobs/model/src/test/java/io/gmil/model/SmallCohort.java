package io.gmil.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Bags that differ in their centres, with an intercept, a covariate and labels by any likelihood at attention-weighted η. */
final class SmallCohort {
    private static final double COVARIATE = 0.5;
    private static final double NOISE = 0.7;

    final List<LabelledBag> bags = new ArrayList<>();
    final FeatureScaler scaler;
    private final Random random;
    private final int width;
    private final double[] gamma;
    private final double[] beta;

    SmallCohort(long seed, int n, int cells, int width, Likelihood... outcomes) {
        this.random = new Random(seed);
        this.width = width;
        int classes = 0;
        for (Likelihood each : outcomes) {
            classes += each.components();
        }
        this.gamma = random.doubles((long) classes * width)
                .map(v -> random.nextGaussian() / 2)
                .toArray();
        this.beta = random.doubles((long) classes * width)
                .map(v -> random.nextGaussian() * 1.5)
                .toArray();
        FeatureMoments moments = new FeatureMoments(width);
        for (int b = 0; b < n; b++) {
            float[] x = cells(cells);
            moments.add(x, cells);
            double[] f = {1, random.nextGaussian()};
            Label[] labels = new Label[outcomes.length];
            for (int o = 0, c = 0; o < labels.length; c += outcomes[o++].components()) {
                labels[o] = label(outcomes[o], etas(x, f, c, outcomes[o].components()));
            }
            bags.add(new LabelledBag(Cells.of(x, cells, width), f, labels));
        }
        this.scaler = FeatureScaler.of(moments);
    }

    private float[] cells(int rows) {
        double[] centre =
                random.doubles(width).map(v -> random.nextGaussian() * 0.7).toArray();
        float[] x = new float[rows * width];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextGaussian() + centre[i % width]);
        }
        return x;
    }

    private double[] etas(float[] x, double[] f, int first, int classes) {
        double[] eta = new double[classes];
        for (int c = 0; c < classes; c++) {
            double total = 0;
            for (int i = 0; i < x.length; i += width) {
                double weight = Math.exp(Triangular.dot(x, i, gamma, (first + c) * width, width));
                total += weight;
                eta[c] += weight * Triangular.dot(x, i, beta, (first + c) * width, width);
            }
            eta[c] = eta[c] / total + (c == 0 ? COVARIATE : -COVARIATE) * f[1];
        }
        return eta;
    }

    private Label label(Likelihood likelihood, double[] eta) {
        if (likelihood instanceof Normal) {
            return Label.of(eta[0] + NOISE * random.nextGaussian());
        }
        if (likelihood instanceof Binomial binomial) {
            double p = LogisticGaussian.sigmoid(eta[0]);
            long y = random.doubles(binomial.trials()).filter(v -> v < p).count();
            return new Label(y, binomial.trials());
        }
        double[] p = new double[eta.length];
        SoftmaxGaussian.softmax(eta, p);
        double left = random.nextDouble() - p[0];
        int c = 0;
        while (left > 0 && c < p.length - 1) {
            left -= p[++c];
        }
        return Label.of(c);
    }

    /** The spec of an outcome. */
    ModelSpec spec(Likelihood likelihood) {
        return ModelSpec.of(likelihood, new ModelSpec.Shape(width, 2, 0, 1));
    }
}
