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

    /** Most elements of a step's mask: minibatches of large bags are smaller. */
    private static final long LARGEST_MASK = 1 << 21;

    static GatedAttentionFit defaults(long seed) {
        return new GatedAttentionFit(64, 2e-3, 1e-3, 32, 150, 20, 0.2, seed);
    }

    GatedAttention fit(List<LabelledBag> bags, FeatureScaler scaler) {
        if (bags.size() < 4) {
            throw new IllegalArgumentException("gated attention: expected at least 4 bags, got " + bags.size());
        }
        Random random = new Random(BaseNoise.mix(seed));
        List<LabelledBag> validation = new ArrayList<>();
        List<LabelledBag> training = new ArrayList<>();
        split(bags, random, validation, training);
        GatedAttentionWeights initial = GatedAttentionWeights.initial(
                scaler.width(), hidden, bags.get(0).fixedEffects().length, seed);
        GatedAttentionGraph graph = new GatedAttentionGraph(initial, learningRate, weightDecay);
        GatedAttentionWeights best = initial;
        double least = loss(initial, validation, scaler);
        for (int epoch = 0, bestEpoch = 0; epoch < mostEpochs && epoch - bestEpoch < patience; epoch++) {
            Collections.shuffle(training, random);
            for (List<LabelledBag> minibatch : minibatches(training)) {
                graph.step(minibatch, scaler);
            }
            GatedAttentionWeights now = graph.weights();
            double loss = loss(now, validation, scaler);
            if (loss < least) {
                least = loss;
                best = now;
                bestEpoch = epoch;
            }
        }
        return new GatedAttention(scaler, best);
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
            if (i > from && (i - from == batch || (cells + count) * (i - from + 1) > LARGEST_MASK)) {
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
    private static double loss(GatedAttentionWeights weights, List<LabelledBag> bags, FeatureScaler scaler) {
        GatedAttention network = new GatedAttention(scaler, weights);
        double loss = 0;
        for (LabelledBag bag : bags) {
            double eta = network.eta(bag.cells(), bag.fixedEffects());
            double softplus = Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta)));
            loss += bag.trials() * softplus - bag.y() * eta;
        }
        return loss / bags.size();
    }
}
