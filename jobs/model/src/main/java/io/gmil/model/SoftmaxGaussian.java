package io.gmil.model;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.random.SobolSequenceGenerator;

/**
 * Expectations of the softmax under independent η_c ~ N(mean_c, sd_c²), by a fixed set of {@value #POINTS} Sobol points
 * in C dimensions and their mirror images: the same η gives the same bits. The error is about 10⁻⁴.
 */
final class SoftmaxGaussian {
    /** A power of two, as Sobol points balance. */
    static final int POINTS = 256;

    private static final Map<Integer, SoftmaxGaussian> BY_CLASSES = new ConcurrentHashMap<>();

    private final int classes;

    /** Standard normal points (POINTS × C). */
    private final double[] points;

    private SoftmaxGaussian(int classes) {
        this.classes = classes;
        this.points = new double[POINTS * classes];
        SobolSequenceGenerator sobol = new SobolSequenceGenerator(classes);
        NormalDistribution normal = new NormalDistribution(null, 0, 1);
        sobol.skipTo(1); // the first point is 0, of which the quantile is infinite
        for (int i = 0; i < POINTS; i++) {
            double[] uniform = sobol.nextVector();
            for (int c = 0; c < classes; c++) {
                points[i * classes + c] = normal.inverseCumulativeProbability(uniform[c]);
            }
        }
    }

    static SoftmaxGaussian of(int classes) {
        return BY_CLASSES.computeIfAbsent(classes, SoftmaxGaussian::new);
    }

    /** p = softmax(η), finite for every finite η; the arrays may be the same. */
    static void softmax(double[] eta, double[] p) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : eta) {
            largest = Math.max(largest, value);
        }
        double total = 0;
        for (int c = 0; c < eta.length; c++) {
            p[c] = Math.exp(eta[c] - largest);
            total += p[c];
        }
        for (int c = 0; c < eta.length; c++) {
            p[c] /= total;
        }
    }

    /** E[p_c] and E[p_c (1 − p_c)]. */
    void moments(double[] mean, double[] sd, double[] p, double[] curvature) {
        double[] at = new double[classes];
        Arrays.fill(p, 0);
        Arrays.fill(curvature, 0);
        for (int i = 0; i < 2 * POINTS; i++) {
            point(i, mean, sd, at);
            for (int c = 0; c < classes; c++) {
                p[c] += at[c] / (2 * POINTS);
                curvature[c] += at[c] * (1 - at[c]) / (2 * POINTS);
            }
        }
    }

    /** The values of p at every point (C × 2 POINTS), for quantiles. */
    double[][] values(double[] mean, double[] sd) {
        double[] at = new double[classes];
        double[][] values = new double[classes][2 * POINTS];
        for (int i = 0; i < 2 * POINTS; i++) {
            point(i, mean, sd, at);
            for (int c = 0; c < classes; c++) {
                values[c][i] = at[c];
            }
        }
        return values;
    }

    /** All points, mirror images included (2 POINTS × C). */
    double[] points() {
        double[] all = Arrays.copyOf(points, 2 * points.length);
        for (int i = 0; i < points.length; i++) {
            all[points.length + i] = -points[i];
        }
        return all;
    }

    private void point(int i, double[] mean, double[] sd, double[] p) {
        double sign = i < POINTS ? 1 : -1;
        int from = i % POINTS * classes;
        for (int c = 0; c < classes; c++) {
            p[c] = mean[c] + sign * sd[c] * points[from + c];
        }
        softmax(p, p);
    }
}
