package io.gmil.model;

import java.util.ArrayList;
import java.util.Arrays;
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
        return fit(bags, spec, scaler, epochs, FitProgress.SILENT);
    }

    /** The same, with word of every epoch. */
    public static ReferencePosterior fit(
            List<LabelledBag> bags, ModelSpec spec, FeatureScaler scaler, int epochs, FitProgress progress) {
        ReferenceModel model = model(bags, spec, scaler, epochs, progress);
        if (!(spec.likelihood() instanceof Binomial binomial)) {
            throw new IllegalArgumentException("reference fit: expected a binomial outcome for one posterior, got "
                    + model.parameters().outputs() + " classes");
        }
        AuthorsParameters parameters = authors(model.parameters(), 0, 0);
        AuthorsScale scale = AuthorsScale.of(parameters, model.mean()[0], model.sd()[0]);
        ModelSpec learnt = parameters.spec(binomial.trials(), scale).withSeed(spec.seed());
        return new ReferencePosterior(posterior(parameters, scale, learnt, bags.size()), scale.centred(scaler));
    }

    /**
     * Fits several outcomes, binomial ones of 1 or 2 trials or categorical ones of 3 classes or more, each by a loop of its
     * own over the bags that have its label. They share the scaler, so the means that the authors take off their bag effects
     * are in the intercepts: η is theirs.
     *
     * @param outcomes the spec of each, in the order of the labels
     */
    public static List<OutcomePosterior> fit(
            List<LabelledBag> bags, List<ModelSpec> outcomes, FeatureScaler scaler, int epochs, FitProgress progress) {
        List<OutcomePosterior> all = new ArrayList<>();
        for (int o = 0; o < outcomes.size(); o++) {
            ModelSpec spec = outcomes.get(o);
            List<LabelledBag> labelled = LabelledBag.of(bags, o);
            int before = o * epochs;
            ReferenceModel model = model(
                    labelled,
                    spec,
                    scaler,
                    epochs,
                    (done, of) -> progress.pass(before + done, outcomes.size() * epochs));
            if (model.parameters().outputs() != spec.likelihood().components()) {
                throw new IllegalArgumentException("reference fit: expected bags of all "
                        + spec.likelihood().components() + " classes, got "
                        + model.parameters().outputs());
            }
            List<Posterior> classes = new ArrayList<>();
            for (int p = 0; p < model.parameters().outputs(); p++) {
                double b = authors(model.parameters(), p, 0).rootMeanSquare();
                double mean = b * model.mean()[p] / model.sd()[p];
                AuthorsScale scale = new AuthorsScale(new double[spec.width()], model.sd()[p]);
                ModelSpec ofClass = OutcomePosterior.ofClass(spec, p);
                classes.add(posterior(authors(model.parameters(), p, mean), scale, ofClass, labelled.size()));
            }
            all.add(new OutcomePosterior(classes));
        }
        return all;
    }

    private static ReferenceModel model(
            List<LabelledBag> bags, ModelSpec spec, FeatureScaler scaler, int epochs, FitProgress progress) {
        if (spec.heads() > 1 || spec.linear() > spec.fixedEffects()) {
            throw new IllegalArgumentException("reference fit: expected one head and no random intercepts");
        }
        if (spec.covariance() == ModelSpec.Covariance.LOW_RANK) {
            throw new IllegalArgumentException("reference fit: expected a full or mean-field posterior, got low-rank");
        }
        List<ReferenceBag> scaled =
                bags.stream().map(bag -> ReferenceBag.of(bag, scaler)).toList();
        ReferenceFit fit = ReferenceFit.epochs(likelihood(bags, spec), epochs, spec.seed());
        boolean meanField = spec.covariance() == ModelSpec.Covariance.MEAN_FIELD;
        return (meanField ? fit.withMeanField() : fit).fit(scaled, progress);
    }

    private static ReferenceLikelihood likelihood(List<LabelledBag> bags, ModelSpec spec) {
        if (spec.likelihood() instanceof Categorical && spec.likelihood().components() > 2) {
            return new ReferenceCategorical();
        }
        if (!(spec.likelihood() instanceof Binomial binomial)
                || bags.stream().anyMatch(bag -> bag.trials() != binomial.trials())) {
            throw new IllegalArgumentException("reference fit: expected binomial outcomes with the same trials in every"
                    + " bag, or categorical ones of 3 classes or more");
        }
        return new ReferenceBinomial(binomial.trials());
    }

    private static Posterior posterior(AuthorsParameters parameters, AuthorsScale scale, ModelSpec spec, int bags) {
        return AuthorsPosterior.of(parameters, scale, spec, Phase.SAMPLED, bags).posterior();
    }

    /**
     * Those of one output.
     *
     * @param mean taken off the intercept
     */
    private static AuthorsParameters authors(ReferenceParameters p, int output, double mean) {
        double[] alpha = new double[p.fixedEffects()];
        for (int k = 0; k < alpha.length; k++) {
            alpha[k] = p.alpha()[k * p.outputs() + output];
        }
        alpha[0] -= mean;
        return new AuthorsParameters(
                p.width(),
                p.fixedEffects(),
                p.rank(),
                alpha,
                p.logSigmaU()[output],
                p.logSigmaZ()[output],
                part(p.mu(), p, output),
                part(p.covFactor(), p, output),
                part(p.covLogdiag(), p, output),
                AuthorsParameters.independentAlpha(p.fixedEffects(), p.width(), ALPHA_SD));
    }

    private static double[] part(double[] values, ReferenceParameters p, int output) {
        int size = values.length / p.outputs();
        return Arrays.copyOfRange(values, output * size, (output + 1) * size);
    }
}
