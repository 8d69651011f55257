package io.gmil.model;

import java.util.List;

/** Softmax over classes: log p = l_y − log Σ_c exp(l_c), and l = (−l, l) of a single output. */
record ReferenceCategorical() implements ReferenceLikelihood {
    @Override
    public double logProbability(double[] logits, double[] labels, double[] scores) {
        int label = (int) labels[0];
        if (logits.length == 1) {
            double sign = label == 1 ? 1 : -1;
            double margin = 2 * sign * logits[0];
            scores[0] = 2 * sign * LogisticGaussian.sigmoid(-margin);
            return -ReferenceBinomial.softplus(-margin);
        }
        double logTotal = softmax(logits, scores);
        for (int c = 0; c < scores.length; c++) {
            scores[c] = (c == label ? 1 : 0) - scores[c];
        }
        return logits[label] - logTotal;
    }

    /** Writes softmax(l) to {@code probabilities}, which may be l itself; returns log Σ exp(l). */
    static double softmax(double[] logits, double[] probabilities) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            largest = Math.max(largest, logit);
        }
        double total = 0;
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] = Math.exp(logits[c] - largest);
            total += probabilities[c];
        }
        for (int c = 0; c < logits.length; c++) {
            probabilities[c] /= total;
        }
        return largest + Math.log(total);
    }

    @Override
    public ReferenceStart start(List<ReferenceBag> bags) {
        return ReferenceCategoricalStart.of(bags);
    }
}
