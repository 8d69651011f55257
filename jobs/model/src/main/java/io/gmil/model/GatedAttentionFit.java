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
 * @param validationShare share of the bags that is kept from the gradient
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

    GatedAttention fit(List<LabelledBag> bags, FeatureScaler scaler) {
        if (bags.size() < 4) {
            throw new IllegalArgumentException("gated attention: expected at least 4 bags, got " + bags.size());
        }
        Nd4jSelfTest.require();
        Random random = new Random(BaseNoise.mix(seed));
        List<LabelledBag> validation = new ArrayList<>();
        List<LabelledBag> training = new ArrayList<>();
        split(bags, random, validation, training);
        GatedAttentionWeights now = GatedAttentionWeights.initial(
                scaler.width(), hidden, bags.get(0).fixedEffects().length, seed);
        ReferenceAdam adam = new ReferenceAdam(now.arrays(), learningRate);
        GatedAttentionWeights best = now.copy();
        double least = loss(now, validation, scaler);
        for (int epoch = 0, bestEpoch = 0; epoch < mostEpochs && epoch - bestEpoch < patience; epoch++) {
            Collections.shuffle(training, random);
            for (List<LabelledBag> minibatch : minibatches(training)) {
                adam.step(gradient(now, minibatch, scaler).arrays());
            }
            double loss = loss(now, validation, scaler);
            if (loss < least) {
                least = loss;
                best = now.copy();
                bestEpoch = epoch;
            }
        }
        return new GatedAttention(scaler, best);
    }

    /** Of the loss of a minibatch and the penalty. */
    private GatedAttentionWeights gradient(
            GatedAttentionWeights at, List<LabelledBag> minibatch, FeatureScaler scaler) {
        GatedAttentionWeights gradient = new GatedAttentionBatch(minibatch, scaler, at).gradient();
        for (int a = 0; a < at.arrays().size(); a++) {
            double[] theta = at.arrays().get(a);
            Triangular.axpy(weightDecay, theta, 0, gradient.arrays().get(a), 0, theta.length);
        }
        return gradient;
    }

    /** Every (1/share)-th bag of a shuffled order sorted by label is for validation, so that both parts have each label. */
    private void split(
            List<LabelledBag> bags, Random random, List<LabelledBag> validation, List<LabelledBag> training) {
        List<LabelledBag> order = new ArrayList<>(bags);
        Collections.shuffle(order, random);
        order.sort((a, b) -> Double.compare(a.y(), b.y()));
        for (int i = 0; i < order.size(); i++) {
            boolean validates = (int) ((i + 1) * validationShare) > (int) (i * validationShare);
            (validates ? validation : training).add(order.get(i));
        }
        if (validation.isEmpty()) {
            validation.add(training.remove(training.size() - 1));
        }
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
    private double loss(GatedAttentionWeights weights, List<LabelledBag> bags, FeatureScaler scaler) {
        double loss = 0;
        for (List<LabelledBag> part : minibatches(bags)) {
            loss += part.size() * new GatedAttentionBatch(part, scaler, weights).loss();
        }
        return loss / bags.size();
    }
}
