package io.gmil.model;

import java.util.Arrays;
import java.util.Comparator;

/** Exact figures of merit; ties count half. */
public final class Scores {
    private static final double SMALLEST = 1e-15;

    private Scores() {}

    /**
     * P(score of a success > score of a failure) + ½ P(equal), a bag of Binomial(n) counting as y successes and n − y
     * failures; NaN when either is missing.
     */
    public static double auc(double[] scores, double[] successes, double[] trials) {
        sameLength(scores, successes);
        sameLength(scores, trials);
        Integer[] order = order(scores);
        double positives = 0;
        double negatives = 0;
        double concordant = 0;
        for (int i = 0; i < order.length; ) {
            double tiedPositives = 0;
            double tiedNegatives = 0;
            double score = scores[order[i]];
            for (; i < order.length && scores[order[i]] == score; i++) {
                tiedPositives += successes[order[i]];
                tiedNegatives += trials[order[i]] - successes[order[i]];
            }
            concordant += tiedPositives * (negatives + tiedNegatives / 2);
            positives += tiedPositives;
            negatives += tiedNegatives;
        }
        return positives > 0 && negatives > 0 ? concordant / (positives * negatives) : Double.NaN;
    }

    /** The same for 0/1 labels. */
    public static double auc(double[] scores, double[] labels) {
        double[] ones = new double[labels.length];
        Arrays.fill(ones, 1);
        return auc(scores, labels, ones);
    }

    /** −Σ (y log p + (n − y) log(1 − p)) / Σ n. */
    public static double logLoss(double[] probabilities, double[] successes, double[] trials) {
        sameLength(probabilities, successes);
        sameLength(probabilities, trials);
        double loss = 0;
        double n = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double p = Math.min(Math.max(probabilities[i], SMALLEST), 1 - SMALLEST);
            loss -= successes[i] * Math.log(p) + (trials[i] - successes[i]) * Math.log1p(-p);
            n += trials[i];
        }
        return loss / n;
    }

    /** Σ (y (1 − p)² + (n − y) p²) / Σ n. */
    public static double brier(double[] probabilities, double[] successes, double[] trials) {
        sameLength(probabilities, successes);
        sameLength(probabilities, trials);
        double sum = 0;
        double n = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double p = probabilities[i];
            sum += successes[i] * (1 - p) * (1 - p) + (trials[i] - successes[i]) * p * p;
            n += trials[i];
        }
        return sum / n;
    }

    /** Spearman's ρ: Pearson's correlation of average ranks; NaN when either is constant. */
    public static double spearman(double[] a, double[] b) {
        sameLength(a, b);
        double[] ra = ranks(a);
        double[] rb = ranks(b);
        double centre = (a.length + 1) / 2.0;
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            double da = ra[i] - centre;
            double db = rb[i] - centre;
            ab += da * db;
            aa += da * da;
            bb += db * db;
        }
        return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : Double.NaN;
    }

    /** How well estimated weights retrieve the cells whose true weight is among the top share (the paper's AUC). */
    public static double retrievalAuc(double[] trueWeights, double[] estimatedWeights, double topShare) {
        double[] sorted = trueWeights.clone();
        Arrays.sort(sorted);
        double threshold = quantile(sorted, 1 - topShare);
        double[] top = new double[trueWeights.length];
        for (int i = 0; i < top.length; i++) {
            top[i] = trueWeights[i] > threshold ? 1 : 0;
        }
        return auc(estimatedWeights, top);
    }

    /** Quantile of sorted values by linear interpolation, type 7 as numpy does. */
    public static double quantile(double[] sorted, double level) {
        double at = level * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }

    /** Ranks from 1, tied values sharing their average. */
    static double[] ranks(double[] values) {
        Integer[] order = order(values);
        double[] ranks = new double[values.length];
        for (int i = 0; i < order.length; ) {
            int from = i;
            while (i < order.length && values[order[i]] == values[order[from]]) {
                i++;
            }
            for (int k = from; k < i; k++) {
                ranks[order[k]] = (from + i + 1) / 2.0;
            }
        }
        return ranks;
    }

    private static Integer[] order(double[] values) {
        Integer[] order = new Integer[values.length];
        for (int i = 0; i < order.length; i++) {
            if (Double.isNaN(values[i])) {
                throw new IllegalArgumentException("score " + i + ": expected a number, got NaN");
            }
            order[i] = i;
        }
        Arrays.sort(order, Comparator.comparingDouble(i -> values[i]));
        return order;
    }

    private static void sameLength(double[] a, double[] b) {
        if (a.length != b.length) {
            throw new IllegalArgumentException("scores: expected equal lengths, got " + a.length + " and " + b.length);
        }
    }
}
