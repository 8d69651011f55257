package io.gmil.model;

import java.util.List;

/**
 * What {@link ReferenceFit} learns, as a posterior of this library: the authors' training loop for those who want their
 * estimates with everything else that is here.
 *
 * @param posterior its sums are what the prior leaves of its precision
 * @param scaler of the features, moved so that the bag effect is standardised over the training bags as theirs is
 */
public record ReferencePosterior(Posterior posterior, FeatureScaler scaler) {
    /** Of α, which the authors learn as a point. */
    private static final double ALPHA_SD = 1e-4;

    /**
     * Fits bags with one label of 1 or 2 trials each, all the same.
     *
     * @param spec gives trials, full or mean-field covariance and the seed; its prior is that of the start
     * @param scaler of the cells
     * @param epochs passes over the bags; the authors take 2000
     */
    public static ReferencePosterior fit(List<LabelledBag> bags, ModelSpec spec, FeatureScaler scaler, int epochs) {
        if (!(spec.likelihood() instanceof Binomial binomial)
                || spec.heads() > 1
                || spec.linear() > spec.fixedEffects()
                || bags.stream().anyMatch(bag -> bag.trials() != binomial.trials())) {
            throw new IllegalArgumentException(
                    "reference fit: expected one binomial outcome with the same trials in every"
                            + " bag, one head and no random intercepts");
        }
        List<ReferenceBag> scaled =
                bags.stream().map(bag -> ReferenceBag.of(bag, scaler)).toList();
        ReferenceFit fit = ReferenceFit.epochs(new ReferenceBinomial(binomial.trials()), epochs, spec.seed());
        boolean meanField = spec.covariance() == ModelSpec.Covariance.MEAN_FIELD;
        ReferenceModel model = (meanField ? fit.withMeanField() : fit).fit(scaled);
        AuthorsParameters parameters = authors(model.parameters());
        AuthorsScale scale = AuthorsScale.of(parameters, model.mean()[0], model.sd()[0]);
        ModelSpec learnt = parameters.spec(binomial.trials(), scale).withSeed(spec.seed());
        Posterior posterior = AuthorsPosterior.of(parameters, scale, learnt, Phase.SAMPLED, bags.size())
                .posterior();
        return new ReferencePosterior(posterior, scale.centred(scaler));
    }

    private static AuthorsParameters authors(ReferenceParameters p) {
        return new AuthorsParameters(
                p.width(),
                p.fixedEffects(),
                p.rank(),
                p.alpha(),
                p.logSigmaU()[0],
                p.logSigmaZ()[0],
                p.mu(),
                p.covFactor(),
                p.covLogdiag(),
                AuthorsParameters.independentAlpha(p.fixedEffects(), p.width(), ALPHA_SD));
    }
}
