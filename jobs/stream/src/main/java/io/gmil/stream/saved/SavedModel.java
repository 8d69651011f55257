package io.gmil.stream.saved;

import io.gmil.model.Binomial;
import io.gmil.model.Categorical;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.LabelScale;
import io.gmil.model.Likelihood;
import io.gmil.model.ModelSpec;
import io.gmil.model.Normal;
import io.gmil.model.OutcomePosterior;
import io.gmil.model.Posterior;
import io.gmil.model.RandomIntercepts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A fitted model and everything that its use on other samples needs. */
public final class SavedModel {

    private final ModelFile file;
    private final List<OutcomePosterior> posteriors;

    /** @param posteriors of each outcome */
    public SavedModel(ModelFile file, List<OutcomePosterior> posteriors) {
        this.file = file;
        this.posteriors = List.copyOf(posteriors);
    }

    /** Of one outcome with one posterior. */
    public SavedModel(ModelFile file, Posterior posterior) {
        this(file, List.of(new OutcomePosterior(List.of(posterior))));
    }

    /**
     * The model of these files.
     *
     * @param bytes of the posteriors, by outcome and class
     * @throws IllegalArgumentException if they contradict each other
     */
    public static SavedModel of(ModelFile file, List<List<byte[]>> bytes) {
        List<ModelSpec> specs = specs(file);
        List<OutcomePosterior> posteriors = new ArrayList<>();
        for (int o = 0; o < specs.size(); o++) {
            posteriors.add(OutcomePosterior.fromBytes(bytes.get(o), specs.get(o)));
        }
        SavedModel model = new SavedModel(file, posteriors);
        int scaled = model.featureScaler().width();
        if (scaled != file.embedding().width()) {
            throw new IllegalArgumentException("a scaler of width " + scaled + " for an embedding of width "
                    + file.embedding().width());
        }
        model.covariateScaler();
        model.labelScales();
        return model;
    }

    /** The model of each outcome that the file describes. */
    public static List<ModelSpec> specs(ModelFile file) {
        ModelFile.Prior prior = file.prior();
        ModelSpec.Shape shape = new ModelSpec.Shape(
                file.embedding().width(),
                file.covariates().size() + 1,
                file.randomIntercept().levels().size(),
                prior.heads());
        ModelSpec.Prior variances = new ModelSpec.Prior(
                prior.sigma2Gamma(),
                prior.sigma2Beta(),
                prior.sigma2Intercept(),
                prior.hyperStrength(),
                prior.effects());
        return file.outcomes().stream()
                .map(outcome -> new ModelSpec(
                        likelihood(outcome),
                        shape,
                        variances,
                        prior.covariance(),
                        prior.damping(),
                        prior.draws(),
                        prior.seed()))
                .toList();
    }

    /** The model of the first outcome. */
    public static ModelSpec spec(ModelFile file) {
        return specs(file).get(0);
    }

    private static Likelihood likelihood(ModelFile.Outcome outcome) {
        return switch (outcome.likelihood()) {
            case "bernoulli", "binomial" -> new Binomial(outcome.trials());
            case "categorical" -> new Categorical(outcome.classes().size());
            case "normal" -> new Normal();
            default -> throw new IllegalArgumentException("likelihood '" + outcome.likelihood() + "'");
        };
    }

    public ModelFile file() {
        return file;
    }

    /** What was learnt, of each outcome. */
    public List<OutcomePosterior> posteriors() {
        return posteriors;
    }

    /** What was learnt of the first outcome, or of its first class. */
    public Posterior posterior() {
        return posteriors.get(0).posteriors().get(0);
    }

    /**
     * Refuses a model of several outcomes, of classes or numbers, with trials of each sample, several heads or random
     * intercepts.
     *
     * @param where it cannot be used
     */
    public SavedModel requirePlain(String where) {
        for (ModelFile.Outcome outcome : outcomes()) {
            if (hasTrialsOfEachSample(outcome)) {
                throw new ModelException(where + ": expected the same trials of every sample, got outcome "
                        + outcome.name() + "=binomial:@COLUMN; trials of each sample are offline only");
            }
        }
        boolean counted = outcomes().size() == 1
                && (likelihood().equals("bernoulli") || likelihood().equals("binomial"));
        if (!counted || file.prior().heads() > 1 || !groups().levels().isEmpty()) {
            throw new ModelException(where + ": expected a model of one Bernoulli or binomial outcome with one head and"
                    + " without random intercepts, got outcomes "
                    + String.join(
                            ", ",
                            outcomes().stream()
                                    .map(o -> o.name() + "=" + o.likelihood())
                                    .toList())
                    + ", " + file.prior().heads() + " heads and "
                    + groups().levels().size() + " random intercepts");
        }
        return this;
    }

    /** What is predicted. */
    public List<ModelFile.Outcome> outcomes() {
        return file.outcomes();
    }

    /** Name of the first outcome. */
    public String outcome() {
        return file.outcome().name();
    }

    /** Likelihood of the first outcome, in small letters. */
    public String likelihood() {
        return file.outcome().likelihood();
    }

    /** Values of the label that counted as 1; none where it was a number. */
    public List<String> positive() {
        String given = file.provenance().options().get("positive");
        return given == null ? List.of() : List.of(given.split(",", -1));
    }

    /** Whether the labels that an outcome was fitted with had trials of their own, as the options of the fit say. */
    public boolean hasTrialsOfEachSample(ModelFile.Outcome outcome) {
        String given = file.provenance().options().get("label");
        return given != null && (", " + given).contains(", " + outcome.name() + "=binomial:@");
    }

    /** n of each label of the first outcome; 1 is a 0/1 outcome. */
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

    /** Levels of the random intercept. */
    public RandomIntercepts groups() {
        return new RandomIntercepts(file.randomIntercept().levels());
    }

    /** Of the labels of each outcome. */
    public List<LabelScale> labelScales() {
        return file.outcomes().stream()
                .map(outcome -> new LabelScale(outcome.mean(), outcome.sd()))
                .toList();
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
