package io.gmil.model;

import java.util.List;

/** p(y | logits) of one bag over the P outputs of the authors' model. */
public interface ReferenceLikelihood {
    /** y_p ~ Binomial(n, σ(l_p)), independent outputs; n is 1 or 2. */
    static ReferenceLikelihood binomial(int trials) {
        return new ReferenceBinomial(trials);
    }

    /** y ~ Categorical(softmax(l)); a single output stands for the two classes of logits (−l, l). */
    static ReferenceLikelihood categorical() {
        return new ReferenceCategorical();
    }

    /**
     * log p(y | logits), constants included.
     *
     * @param logits l (P)
     * @param labels y as {@link ReferenceBag#labels()}
     * @param scores (P) overwritten with ∂ log p / ∂l
     */
    double logProbability(double[] logits, double[] labels, double[] scores);

    /** Where training starts with these bags; refuses labels that this likelihood cannot have. */
    ReferenceStart start(List<ReferenceBag> bags);
}
