package io.gmil.model;

import java.util.Arrays;

/**
 * Multinomial logistic regression with an intercept and a ridge on the other coefficients: minimises
 * −Σ_i log softmax(B x_i + a)_{y_i} + |B|² / (2C).
 */
final class ReferenceSoftmaxRegression implements ReferenceMinimiser.Objective {
    private static final double TOLERANCE = 1e-8;

    /** (x_i, 1) (rows × (Q + 1)). */
    private final double[][] design;

    private final int[] labels;
    private final int classes;
    private final double inversePenalty;

    private ReferenceSoftmaxRegression(double[][] features, int[] labels, int classes, double inversePenalty) {
        this.design =
                Arrays.stream(features).map(ReferenceSoftmaxRegression::withOne).toArray(double[][]::new);
        this.labels = labels;
        this.classes = classes;
        this.inversePenalty = inversePenalty;
    }

    private static double[] withOne(double[] row) {
        double[] extended = Arrays.copyOf(row, row.length + 1);
        extended[row.length] = 1;
        return extended;
    }

    /**
     * The coefficients (classes × (Q + 1)), the intercept last.
     *
     * @param features rows × Q
     * @param inversePenalty C
     * @param start as the result
     */
    static double[] fit(double[][] features, int[] labels, int classes, double inversePenalty, double[] start) {
        return ReferenceMinimiser.minimise(
                new ReferenceSoftmaxRegression(features, labels, classes, inversePenalty), start, TOLERANCE);
    }

    /** The most probable class of each row. */
    static int predict(double[] coefficients, int classes, double[] row) {
        double[] extended = withOne(row);
        int best = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < classes; c++) {
            double logit = Triangular.dot(coefficients, c * extended.length, extended, 0, extended.length);
            if (logit > largest) {
                largest = logit;
                best = c;
            }
        }
        return best;
    }

    @Override
    public double value(double[] x, double[] gradient) {
        int columns = x.length / classes;
        Arrays.fill(gradient, 0);
        double value = 0;
        for (int c = 0; c < classes; c++) {
            int at = c * columns;
            value += Triangular.dot(x, at, x, at, columns - 1) / (2 * inversePenalty);
            Triangular.axpy(1 / inversePenalty, x, at, gradient, at, columns - 1);
        }
        double[] logits = new double[classes];
        double[] probabilities = new double[classes];
        for (int i = 0; i < labels.length; i++) {
            for (int c = 0; c < classes; c++) {
                logits[c] = Triangular.dot(x, c * columns, design[i], 0, columns);
            }
            value += ReferenceCategorical.softmax(logits, probabilities) - logits[labels[i]];
            probabilities[labels[i]] -= 1;
            for (int c = 0; c < classes; c++) {
                Triangular.axpy(probabilities[c], design[i], 0, gradient, c * columns, columns);
            }
        }
        return value;
    }
}
