package io.gmil.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The simulation law of the paper: Binomial(2), 1 intercept; cells are drawn N(0, 1), then pooled and scaled. */
final class SimulatedCohort {
    final List<LabelledBag> bags = new ArrayList<>();
    final FeatureScaler scaler;
    final double[] effects;
    final double[][] weights;

    SimulatedCohort(long seed, int n, int cells, int width, double effectVariance, double attentionVariance) {
        Random random = new Random(seed);
        float[][] x = new float[n][cells * width];
        FeatureMoments moments = new FeatureMoments(width);
        for (float[] bag : x) {
            for (int i = 0; i < bag.length; i++) {
                bag[i] = (float) random.nextGaussian();
            }
            moments.add(bag, cells);
        }
        scaler = FeatureScaler.of(moments);
        double[] gamma =
                random.doubles(width, -1, 1).map(v -> random.nextGaussian()).toArray();
        double[] beta =
                random.doubles(width, -1, 1).map(v -> random.nextGaussian()).toArray();
        weights = attention(x, gamma, width, attentionVariance);
        effects = effects(x, beta, width, effectVariance);
        for (int b = 0; b < n; b++) {
            double p = 1 / (1 + Math.exp(1 - effects[b]));
            int y = (random.nextDouble() < p ? 1 : 0) + (random.nextDouble() < p ? 1 : 0);
            bags.add(new LabelledBag(Cells.of(x[b], cells, width), new double[] {1}, y, 2));
        }
    }

    private double[] projections(float[][] x, double[] direction, int width) {
        double[] inverse = scaler.inverseScale();
        int cells = x[0].length / width;
        double[] a = new double[x.length * cells];
        for (int k = 0; k < a.length; k++) {
            float[] bag = x[k / cells];
            for (int q = 0; q < width; q++) {
                a[k] += (bag[k % cells * width + q] - scaler.mean()[q]) * inverse[q] * direction[q];
            }
        }
        return a;
    }

    private double[][] attention(float[][] x, double[] gamma, int width, double variance) {
        double[] a = projections(x, gamma, width);
        double scale = Math.sqrt(variance) / standardDeviation(a);
        int cells = a.length / x.length;
        double[][] w = new double[x.length][cells];
        for (int b = 0; b < x.length; b++) {
            double total = 0;
            for (int i = 0; i < cells; i++) {
                w[b][i] = Math.exp(a[b * cells + i] * scale);
                total += w[b][i];
            }
            for (int i = 0; i < cells; i++) {
                w[b][i] /= total;
            }
        }
        return w;
    }

    private double[] effects(float[][] x, double[] beta, int width, double variance) {
        double[] t = projections(x, beta, width);
        int cells = t.length / x.length;
        double[] u = new double[x.length];
        double mean = 0;
        for (int b = 0; b < u.length; b++) {
            for (int i = 0; i < cells; i++) {
                u[b] += weights[b][i] * t[b * cells + i];
            }
            mean += u[b] / u.length;
        }
        double scale = Math.sqrt(variance) / standardDeviation(u);
        for (int b = 0; b < u.length; b++) {
            u[b] = (u[b] - mean) * scale;
        }
        return u;
    }

    private static double standardDeviation(double[] values) {
        double mean = 0;
        double squares = 0;
        for (double value : values) {
            mean += value / values.length;
        }
        for (double value : values) {
            squares += (value - mean) * (value - mean) / values.length;
        }
        return Math.sqrt(squares);
    }
}
