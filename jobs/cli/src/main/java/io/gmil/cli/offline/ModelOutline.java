package io.gmil.cli.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gmil.model.Binomial;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.ModelSpec;
import io.gmil.model.OutcomePosterior;
import io.gmil.model.Phase;
import io.gmil.model.Posterior;
import io.gmil.stream.CodeVersion;
import io.gmil.stream.saved.ModelFile;
import io.gmil.stream.saved.ModelReader;
import io.gmil.stream.saved.PosteriorFiles;
import io.gmil.stream.saved.SavedModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a model says of itself beside its numbers, for models that leave and enter in files of other programs. */
public final class ModelOutline {

    private final ModelFile file;

    private ModelOutline(ModelFile file) {
        this.file = file;
    }

    /**
     * Of a model of one outcome that was not learnt here.
     *
     * @param outcome its name
     * @param likelihood bernoulli, binomial or categorical
     * @param classes of a categorical outcome, none of others
     * @param covariates names, the intercept left out; as they come, not scaled
     * @param spec of the model; its prior is where learning on would start from
     * @param origin for a person
     */
    public static ModelOutline foreign(
            String outcome,
            String likelihood,
            List<String> classes,
            String embedding,
            List<String> covariates,
            ModelSpec spec,
            String origin) {
        List<ModelFile.Covariate> unscaled = covariates.stream()
                .map(name -> new ModelFile.Covariate(name, 0, 1, List.of()))
                .toList();
        ModelFile.State state = new ModelFile.State(
                "",
                "",
                Phase.SAMPLED,
                0,
                spec.prior().sigma2Gamma(),
                spec.prior().sigma2Beta(),
                spec.prior().sigma2Intercept(),
                1);
        return new ModelOutline(new ModelFile(
                ModelFile.FORMAT,
                ModelFile.VERSION,
                List.of(new ModelFile.Outcome(
                        outcome,
                        likelihood,
                        spec.likelihood() instanceof Binomial counts ? counts.trials() : 1,
                        classes,
                        0,
                        1,
                        Collections.nCopies(spec.likelihood().components(), state))),
                new ModelFile.Embedding(embedding, spec.width(), new double[0], new double[0]),
                unscaled,
                ModelFile.RandomIntercept.none(),
                ModelFile.Prior.of(spec),
                new ModelFile.Provenance(CodeVersion.CURRENT, "", 0, origin, "", 0, 0, 0, 0, Map.of(), Map.of()),
                Map.of()));
    }

    /** Of a model of this program. */
    public static ModelOutline of(SavedModel model) {
        return new ModelOutline(model.file());
    }

    /**
     * The outline of {@link #json()}.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ModelOutline parse(String json) {
        return new ModelOutline(ModelReader.parse(json));
    }

    /** The text of {@code model.json}. */
    public String json() {
        try {
            return ModelReader.JSON.writeValueAsString(file);
        } catch (JsonProcessingException e) {
            throw new AssertionError("a model is JSON", e);
        }
    }

    /** Kind, size and prior of each outcome. */
    public List<ModelSpec> specs() {
        return SavedModel.specs(file);
    }

    /** What is known of the posteriors of each outcome. */
    public List<List<ModelFile.State>> states() {
        return file.outcomes().stream().map(ModelFile.Outcome::posteriors).toList();
    }

    /**
     * The model with these numbers.
     *
     * @param posteriors by outcome and class
     * @param origin added to the options of its provenance
     * @throws IllegalArgumentException if they do not fit
     */
    public SavedModel with(
            List<OutcomePosterior> posteriors,
            FeatureScaler features,
            CovariateScaler covariates,
            Map<String, String> origin,
            Instant now) {
        ModelFile.Provenance before = file.provenance();
        Map<String, String> options = new LinkedHashMap<>(before.options());
        options.putAll(origin);
        return SavedModel.of(
                new ModelFile(
                        file.format(),
                        file.formatVersion(),
                        learnt(posteriors),
                        new ModelFile.Embedding(
                                file.embedding().name(), file.embedding().width(), features.mean(), features.sd()),
                        scaled(covariates),
                        file.randomIntercept(),
                        file.prior(),
                        new ModelFile.Provenance(
                                CodeVersion.CURRENT,
                                now.toString(),
                                before.seconds(),
                                before.cohort(),
                                before.fingerprint(),
                                before.samples(),
                                before.cells(),
                                before.seed(),
                                before.passes(),
                                before.evidenceLowerBound(),
                                options),
                        file.trainingSamples()),
                posteriors.stream()
                        .map(outcome -> outcome.posteriors().stream()
                                .map(Posterior::toBytes)
                                .toList())
                        .toList());
    }

    private List<ModelFile.Outcome> learnt(List<OutcomePosterior> posteriors) {
        List<ModelFile.Outcome> outcomes = new ArrayList<>();
        for (ModelFile.Outcome outcome : file.outcomes()) {
            int o = outcomes.size();
            outcomes.add(new ModelFile.Outcome(
                    outcome.name(),
                    outcome.likelihood(),
                    outcome.trials(),
                    outcome.classes(),
                    outcome.mean(),
                    outcome.sd(),
                    PosteriorFiles.states(o, posteriors.get(o))));
        }
        return outcomes;
    }

    private List<ModelFile.Covariate> scaled(CovariateScaler scaler) {
        if (scaler.mean().length != file.covariates().size()) {
            throw new IllegalArgumentException("a scaler of " + scaler.mean().length + " covariates for "
                    + file.covariates().size());
        }
        List<ModelFile.Covariate> scaled = new ArrayList<>();
        for (int k = 0; k < scaler.mean().length; k++) {
            ModelFile.Covariate covariate = file.covariates().get(k);
            scaled.add(new ModelFile.Covariate(covariate.name(), scaler.mean()[k], scaler.sd()[k], covariate.values()));
        }
        return scaled;
    }
}
