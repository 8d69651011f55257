package io.gmil.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The authors' training loop: from {@link ReferenceStart}, one Adam step per minibatch of a fresh shuffle on
 * {@link ReferenceLoss}, with fresh noise and KL weight batch / N. It exists to be compared with, see {@link GmilFit} for
 * what the product learns with.
 *
 * @param likelihood p(y | logits)
 * @param meanField a diagonal posterior instead of a full one
 * @param epochs passes over the bags
 * @param batch bags per step; the last batch of an epoch may be smaller
 * @param samples S, draws per step
 * @param learningRate of Adam
 * @param seed of the jitter of the start, the order and the noise
 */
public record ReferenceFit(
        ReferenceLikelihood likelihood,
        boolean meanField,
        int epochs,
        int batch,
        int samples,
        double learningRate,
        long seed) {
    public ReferenceFit {
        if (epochs < 0 || batch < 1 || samples < 1 || !(learningRate > 0)) {
            throw new IllegalArgumentException(
                    "reference fit: expected epochs >= 0, batch and samples >= 1, learningRate > 0, got " + epochs
                            + ", " + batch + ", " + samples + ", " + learningRate);
        }
    }

    /** Full posterior, 64 bags and 8 draws per step, learning rate 1e-3; the authors use 2000 epochs. */
    public static ReferenceFit epochs(ReferenceLikelihood likelihood, int epochs, long seed) {
        return new ReferenceFit(likelihood, false, epochs, 64, 8, 1e-3, seed);
    }

    public ReferenceFit withMeanField() {
        return new ReferenceFit(likelihood, true, epochs, batch, samples, learningRate, seed);
    }

    /** Fits these bags. */
    public ReferenceModel fit(List<ReferenceBag> bags) {
        return fit(bags, FitProgress.SILENT);
    }

    /** The same, with word of every epoch. */
    ReferenceModel fit(List<ReferenceBag> bags, FitProgress progress) {
        Random random = new Random(BaseNoise.mix(seed));
        ReferenceStart start = ReferenceStart.of(likelihood, bags);
        ReferenceParameters parameters = start.parameters(meanField, random);
        train(bags, parameters, random, progress);
        return ReferenceModel.of(parameters, bags);
    }

    /** @param parameters changed in place */
    private void train(List<ReferenceBag> bags, ReferenceParameters parameters, Random random, FitProgress progress) {
        ReferenceAdam adam = new ReferenceAdam(parameters.trained(), learningRate);
        List<ReferenceBag> order = new ArrayList<>(bags);
        for (int epoch = 0; epoch < epochs; epoch++) {
            Collections.shuffle(order, random);
            for (int from = 0; from < order.size(); from += batch) {
                List<ReferenceBag> minibatch = order.subList(from, Math.min(from + batch, order.size()));
                ReferenceNoise noise = ReferenceNoise.standardNormal(parameters, samples, random);
                double klWeight = (double) minibatch.size() / order.size();
                ReferenceLoss loss = ReferenceLoss.of(likelihood, parameters, minibatch, noise, klWeight);
                adam.step(loss.gradient().trained());
            }
            progress.pass(epoch + 1, epochs);
        }
    }
}
