package io.gmil.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Training of {@link GatedAttention}: minibatches by Adam, early stopping on a validation part.
 *
 * @param hidden L
 * @param learningRate of Adam
 * @param weightDecay λ of the penalty ½λ|θ|²
 * @param batch most bags of a step
 * @param mostEpochs passes over the bags at most
 * @param patience passes without a better validation loss before it stops
 * @param validationShare share of the patients that is kept from the gradient
 * @param seed of initial parameters, validation part and order
 */
record GatedAttentionFit(
        int hidden,
        double learningRate,
        double weightDecay,
        int batch,
        int mostEpochs,
        int patience,
        double validationShare,
        long seed) {

    /** Most cells of a step: minibatches of large bags are smaller. */
    private static final long MOST_CELLS = 1 << 16;

    static GatedAttentionFit defaults(long seed) {
        return new GatedAttentionFit(64, 2e-3, 1e-3, 32, 150, 20, 0.2, seed);
    }

    /** @param patients of the bags, in their order */
    GatedAttention fit(List<LabelledBag> bags, List<String> patients, Likelihood likelihood, FeatureScaler scaler) {
        Nd4jSelfTest.require();
        bags.forEach(bag -> likelihood.require(bag.labels()[0]));
        Random random = new Random(BaseNoise.mix(seed));
        ValidationSplit split = ValidationSplit.of(bags, patients, validationShare, random);
        GatedAttentionWeights now = GatedAttentionWeights.initial(
                scaler.width(), hidden, bags.get(0).fixedEffects().length, likelihood.components(), seed);
        ReferenceAdam adam = new ReferenceAdam(now.arrays(), learningRate);
        GatedAttentionWeights best = now.copy();
        double least = loss(now, split.validation(), likelihood, scaler);
        for (int epoch = 0, bestEpoch = 0; epoch < mostEpochs && epoch - bestEpoch < patience; epoch++) {
            Collections.shuffle(split.training(), random);
            for (List<LabelledBag> minibatch : minibatches(split.training())) {
                adam.step(gradient(now, minibatch, likelihood, scaler).arrays());
            }
            double loss = loss(now, split.validation(), likelihood, scaler);
            if (loss < least) {
                least = loss;
                best = now.copy();
                bestEpoch = epoch;
            }
        }
        return new GatedAttention(scaler, best, likelihood);
    }

    /** Of the loss of a minibatch and the penalty. */
    private GatedAttentionWeights gradient(
            GatedAttentionWeights at, List<LabelledBag> minibatch, Likelihood likelihood, FeatureScaler scaler) {
        GatedAttentionWeights gradient = new GatedAttentionBatch(minibatch, likelihood, scaler, at).gradient();
        for (int a = 0; a < at.arrays().size(); a++) {
            double[] theta = at.arrays().get(a);
            Triangular.axpy(weightDecay, theta, 0, gradient.arrays().get(a), 0, theta.length);
        }
        return gradient;
    }

    private List<List<LabelledBag>> minibatches(List<LabelledBag> bags) {
        List<List<LabelledBag>> minibatches = new ArrayList<>();
        long cells = 0;
        int from = 0;
        for (int i = 0; i < bags.size(); i++) {
            long count = bags.get(i).cells().count();
            if (i > from && (i - from == batch || cells + count > MOST_CELLS)) {
                minibatches.add(bags.subList(from, i));
                from = i;
                cells = 0;
            }
            cells += count;
        }
        minibatches.add(bags.subList(from, bags.size()));
        return minibatches;
    }

    /** Negative log-likelihood per bag. */
    private double loss(
            GatedAttentionWeights weights, List<LabelledBag> bags, Likelihood likelihood, FeatureScaler scaler) {
        double loss = 0;
        for (List<LabelledBag> part : minibatches(bags)) {
            loss += part.size() * new GatedAttentionBatch(part, likelihood, scaler, weights).loss();
        }
        return loss / bags.size();
    }
}
