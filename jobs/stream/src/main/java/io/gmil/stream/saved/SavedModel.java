package io.gmil.stream.saved;

import io.gmil.model.Binomial;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.ModelSpec;
import io.gmil.model.Posterior;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A fitted model and everything that its use on other samples needs. */
public final class SavedModel {

    private static final Set<String> LIKELIHOODS = Set.of("bernoulli", "binomial");

    private final ModelFile file;
    private final Posterior posterior;

    public SavedModel(ModelFile file, Posterior posterior) {
        this.file = file;
        this.posterior = posterior;
    }

    /**
     * The model of these files.
     *
     * @throws IllegalArgumentException if they contradict each other
     */
    public static SavedModel of(ModelFile file, byte[] posterior) {
        String likelihood = file.outcome().likelihood();
        if (!LIKELIHOODS.contains(likelihood)) {
            throw new IllegalArgumentException("likelihood '" + likelihood + "'");
        }
        SavedModel model = new SavedModel(file, Posterior.fromBytes(posterior, spec(file)));
        int scaled = model.featureScaler().width();
        if (scaled != file.embedding().width()) {
            throw new IllegalArgumentException("a scaler of width " + scaled + " for an embedding of width "
                    + file.embedding().width());
        }
        model.covariateScaler();
        return model;
    }

    /** The model that the file describes. */
    public static ModelSpec spec(ModelFile file) {
        ModelFile.Prior prior = file.prior();
        return new ModelSpec(
                new Binomial(file.outcome().trials()),
                new ModelSpec.Shape(file.embedding().width(), file.covariates().size() + 1, 0, 1),
                new ModelSpec.Prior(
                        prior.sigma2Gamma(),
                        prior.sigma2Beta(),
                        ModelSpec.Prior.standard().sigma2Intercept(),
                        prior.hyperStrength(),
                        prior.effects()),
                prior.covariance(),
                prior.damping(),
                prior.draws(),
                prior.seed());
    }

    public ModelFile file() {
        return file;
    }

    /** What was learnt. */
    public Posterior posterior() {
        return posterior;
    }

    /** Name of the outcome. */
    public String outcome() {
        return file.outcome().name();
    }

    /** Likelihood of the outcome, in small letters. */
    public String likelihood() {
        return file.outcome().likelihood();
    }

    /** Values of the label that counted as 1; none where it was a number. */
    public List<String> positive() {
        String given = file.provenance().options().get("positive");
        return given == null ? List.of() : List.of(given.split(",", -1));
    }

    /** n of each label; 1 is a 0/1 outcome. */
    public int trials() {
        return file.outcome().trials();
    }

    /** Name of the embedding. */
    public String embedding() {
        return file.embedding().name();
    }

    /** Names of the covariates, in order. */
    public List<String> covariates() {
        return file.covariates().stream().map(ModelFile.Covariate::name).toList();
    }

    /** The values of covariates that are texts, in the order of their number. */
    public Map<String, List<String>> covariateCodes() {
        Map<String, List<String>> codes = new LinkedHashMap<>();
        file.covariates().stream()
                .filter(covariate -> !covariate.values().isEmpty())
                .forEach(covariate -> codes.put(covariate.name(), covariate.values()));
        return codes;
    }

    /** Of the embedding. */
    public FeatureScaler featureScaler() {
        return new FeatureScaler(file.embedding().mean(), file.embedding().sd());
    }

    /** Of the covariates, in order. */
    public CovariateScaler covariateScaler() {
        return new CovariateScaler(
                file.covariates().stream()
                        .mapToDouble(ModelFile.Covariate::mean)
                        .toArray(),
                file.covariates().stream().mapToDouble(ModelFile.Covariate::sd).toArray());
    }

    /** Refuses cells of another width. */
    public void requireWidth(int width, String where) {
        if (width != file.embedding().width()) {
            throw new ModelException("embedding width: expected "
                    + file.embedding().width() + " as in the model, got " + width + " in " + where);
        }
    }

    /** Whether this very bag, by name and cells, was learnt. */
    public boolean learnt(String sample, float[] values) {
        String known = file.trainingSamples().get(sample);
        return known != null && Fingerprint.ofBag(sample, values).startsWith(known);
    }
}
