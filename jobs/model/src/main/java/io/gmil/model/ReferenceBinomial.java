package io.gmil.model;

import java.util.List;
import org.apache.commons.math3.util.CombinatoricsUtils;

/** Independent binomial outputs: Σ_p log C(n, y_p) + y_p l_p − n log(1 + exp(l_p)). */
record ReferenceBinomial(int trials) implements ReferenceLikelihood {
    ReferenceBinomial {
        if (trials < 1 || trials > 2) {
            throw new IllegalArgumentException("reference model: expected 1 or 2 trials, got " + trials);
        }
    }

    @Override
    public double logProbability(double[] logits, double[] labels, double[] scores) {
        double sum = 0;
        for (int p = 0; p < logits.length; p++) {
            sum += CombinatoricsUtils.binomialCoefficientLog(trials, (int) labels[p])
                    + labels[p] * logits[p]
                    - trials * softplus(logits[p]);
            scores[p] = labels[p] - trials * LogisticGaussian.sigmoid(logits[p]);
        }
        return sum;
    }

    /** log(1 + eˣ), finite for every x. */
    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    private void require(double[] labels, int outputs) {
        if (labels.length != outputs) {
            throw new IllegalArgumentException("labels: expected " + outputs + " counts, got " + labels.length);
        }
        for (double y : labels) {
            if (y != Math.rint(y) || y < 0 || y > trials) {
                throw new IllegalArgumentException("label: expected a count of 0 to " + trials + ", got " + y);
            }
        }
    }

    @Override
    public ReferenceStart start(List<ReferenceBag> bags) {
        for (ReferenceBag bag : bags) {
            require(bag.labels(), bags.get(0).labels().length);
        }
        return ReferenceBinomialStart.of(bags, trials);
    }
}
