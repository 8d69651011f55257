package io.gmil.model;

/** Expectations of the logistic function under η ~ N(mean, sd²), by Gauss–Hermite quadrature with 20 nodes. */
final class LogisticGaussian {
    /** Positive nodes of He₂₀; the rule is symmetric. */
    private static final double[] NODES = {
        0.3469641570813559, 1.042945348802751, 1.7452473208141268, 2.458663611172368,
        3.1890148165533896, 3.9439673506573163, 4.734581334046055, 5.5787388058932015,
        6.510590157013654, 7.619048541679758
    };

    /** Their weights, the sum over both signs being 1. */
    private static final double[] WEIGHTS = {
        0.2607930634495548, 0.16173933398400003, 0.06150637206397696, 0.013997837447100996,
        0.0018301031310804924, 0.00012882627996192942, 4.4021210902308646e-06, 6.127490259982928e-08,
        2.4820623623151797e-10, 1.2578006724379264e-13
    };

    private LogisticGaussian() {}

    /** All 20 nodes, of both signs. */
    static double[] nodes() {
        return bothSigns(NODES, -1);
    }

    /** Their weights, in the same order. */
    static double[] weights() {
        return bothSigns(WEIGHTS, 1);
    }

    /** The 10 positive nodes. */
    static double[] positiveNodes() {
        return NODES.clone();
    }

    /** Their weights. */
    static double[] positiveWeights() {
        return WEIGHTS.clone();
    }

    private static double[] bothSigns(double[] half, int sign) {
        double[] whole = new double[2 * half.length];
        for (int i = 0; i < half.length; i++) {
            whole[i] = half[i];
            whole[half.length + i] = sign * half[i];
        }
        return whole;
    }

    /** σ(x) = 1 / (1 + e⁻ˣ), finite for every x. */
    static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    /** E[σ(η)]. */
    static double mean(double mean, double sd) {
        double sum = 0;
        for (int i = 0; i < NODES.length; i++) {
            double d = sd * NODES[i];
            sum += WEIGHTS[i] * (sigmoid(mean + d) + sigmoid(mean - d));
        }
        return sum;
    }

    /** E[σ(η)(1 − σ(η))]. */
    static double curvature(double mean, double sd) {
        double sum = 0;
        for (int i = 0; i < NODES.length; i++) {
            double d = sd * NODES[i];
            double p = sigmoid(mean + d);
            double r = sigmoid(mean - d);
            sum += WEIGHTS[i] * (p * (1 - p) + r * (1 - r));
        }
        return sum;
    }
}
