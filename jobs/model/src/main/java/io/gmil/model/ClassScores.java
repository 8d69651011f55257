package io.gmil.model;

import java.util.Arrays;

/** How good predictions of classes and of numbers are. */
public final class ClassScores {
    private static final double SMALLEST = 1e-15;

    private ClassScores() {}

    /**
     * The mean over classes of the area under the ROC curve of a class against all others; of the classes that occur and are
     * not all there is.
     *
     * @param p probabilities (N × C)
     * @param y index of the class (N)
     * @return NaN where no class can be told from others
     */
    public static double macroAuc(double[][] p, int[] y) {
        double sum = 0;
        int classes = 0;
        int count = p.length == 0 ? 0 : p[0].length;
        for (int c = 0; c < count; c++) {
            double[] score = new double[y.length];
            double[] label = new double[y.length];
            for (int n = 0; n < y.length; n++) {
                score[n] = p[n][c];
                label[n] = y[n] == c ? 1 : 0;
            }
            double auc = Scores.auc(score, label);
            if (Double.isFinite(auc)) {
                sum += auc;
                classes++;
            }
        }
        return classes == 0 ? Double.NaN : sum / classes;
    }

    /** Mean negative log probability of the class that it was, probabilities bounded away from 0. */
    public static double logLoss(double[][] p, int[] y) {
        double sum = 0;
        for (int n = 0; n < y.length; n++) {
            sum -= Math.log(Math.max(p[n][y[n]], SMALLEST));
        }
        return sum / y.length;
    }

    /** Mean squared distance of the probabilities from the class that it was, summed over classes. */
    public static double brier(double[][] p, int[] y) {
        double sum = 0;
        for (int n = 0; n < y.length; n++) {
            for (int c = 0; c < p[n].length; c++) {
                double difference = p[n][c] - (c == y[n] ? 1 : 0);
                sum += difference * difference;
            }
        }
        return sum / y.length;
    }

    /** {@link Calibration#slope} of each class against all others, all of them pooled. */
    public static double calibrationSlope(double[][] p, int[] y) {
        int classes = p.length == 0 ? 0 : p[0].length;
        double[] probabilities = new double[p.length * classes];
        double[] is = new double[probabilities.length];
        double[] ones = new double[probabilities.length];
        Arrays.fill(ones, 1);
        for (int n = 0; n < p.length; n++) {
            System.arraycopy(p[n], 0, probabilities, n * classes, classes);
            is[n * classes + y[n]] = 1;
        }
        return Calibration.slope(probabilities, is, ones);
    }

    /** Share of samples whose most probable class it was. */
    public static double accuracy(double[][] p, int[] y) {
        int right = 0;
        for (int n = 0; n < y.length; n++) {
            int most = 0;
            for (int c = 1; c < p[n].length; c++) {
                most = p[n][c] > p[n][most] ? c : most;
            }
            right += most == y[n] ? 1 : 0;
        }
        return (double) right / y.length;
    }

    /** Root of the mean squared error of numbers. */
    public static double rmse(double[] predicted, double[] y) {
        double squares = 0;
        for (int n = 0; n < y.length; n++) {
            squares += (predicted[n] - y[n]) * (predicted[n] - y[n]);
        }
        return Math.sqrt(squares / y.length);
    }

    /** R² = 1 − Σ (predicted − y)² / Σ (y − mean)²; NaN where y does not vary. */
    public static double r2(double[] predicted, double[] y) {
        double mean = 0;
        for (double value : y) {
            mean += value / y.length;
        }
        double all = 0;
        for (double value : y) {
            all += (value - mean) * (value - mean);
        }
        double rmse = rmse(predicted, y);
        return all > 0 ? 1 - rmse * rmse * y.length / all : Double.NaN;
    }
}
