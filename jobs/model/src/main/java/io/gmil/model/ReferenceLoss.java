package io.gmil.model;

import java.util.List;

/**
 * What one optimiser step of the authors minimises: −ll + weight · KL / N, N the bags of the batch.
 *
 * @param logLikelihood ll
 * @param klTerm weight · KL / N
 * @param gradient of the loss
 */
record ReferenceLoss(double logLikelihood, double klTerm, ReferenceParameters gradient) {
    static ReferenceLoss of(
            ReferenceLikelihood likelihood,
            ReferenceParameters parameters,
            List<ReferenceBag> batch,
            ReferenceNoise noise,
            double klWeight) {
        ReferenceLogLikelihood data = new ReferenceLogLikelihood(likelihood, parameters, batch, noise);
        ReferenceKl kl = new ReferenceKl(parameters);
        double scale = klWeight / batch.size();
        ReferenceParameters gradient = data.negativeGradient();
        gradient.add(scale, kl.gradient);
        return new ReferenceLoss(data.value, scale * kl.sum(), gradient);
    }

    double value() {
        return klTerm - logLikelihood;
    }
}
