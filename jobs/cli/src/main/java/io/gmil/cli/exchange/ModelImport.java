package io.gmil.cli.exchange;

import io.gmil.cli.UsageException;
import io.gmil.cli.offline.BagStream;
import io.gmil.cli.offline.ModelOutline;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortException;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.Cohorts;
import io.gmil.cohort.Sample;
import io.gmil.model.AuthorsParameters;
import io.gmil.model.AuthorsPosterior;
import io.gmil.model.AuthorsScale;
import io.gmil.model.FeatureMoments;
import io.gmil.model.FeatureScaler;
import io.gmil.model.ModelSpec;
import io.gmil.stream.saved.Fingerprint;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a model of a file of the authors' parameters, or of one that {@link ModelExport} has written. */
public final class ModelImport {

    /**
     * What an outcome is, where the file does not say.
     *
     * @param outcome its name
     * @param likelihood bernoulli or binomial
     * @param covariates names of the fixed effects but the first, which is the intercept
     */
    public record Description(
            String outcome, String likelihood, int trials, String embedding, List<String> covariates) {}

    /**
     * Training samples to take from what the file leaves open.
     *
     * @param cohort whose labelled training samples those are
     * @param raw whether its cells are unscaled, where the authors' model has seen them scaled
     */
    public record Training(CohortOptions cohort, boolean raw) {}

    /**
     * The model, and how it came about.
     *
     * @param widerThanPrior directions, see {@link AuthorsPosterior}
     * @param scale where the scale of the bag effect is from, for a person
     */
    public record Imported(SavedModel model, int widerThanPrior, String scale) {}

    private final Path path;
    private final AuthorsFile file;
    private final AuthorsParameters parameters;
    private final Map<String, String> origin = new LinkedHashMap<>();

    private ModelImport(Path path, int outcomeIndex, double alphaSd) throws IOException {
        this.path = path;
        this.file = new AuthorsFile(TensorFile.read(path), outcomeIndex);
        this.parameters = file.parameters(alphaSd);
        origin.put("imported", path.getFileName().toString());
        origin.put("imported-sha256", Fingerprint.ofBytes(Files.readAllBytes(path)));
        if (outcomeIndex >= 0) {
            origin.put("outcome-index", Integer.toString(outcomeIndex));
        }
    }

    /**
     * Opens a file and checks it.
     *
     * @param outcomeIndex column of the outcome, −1 for the only one
     * @param alphaSd standard deviation of α where the file has none
     */
    public static ModelImport open(Path path, int outcomeIndex, double alphaSd) throws IOException {
        return new ModelImport(path, outcomeIndex, alphaSd);
    }

    /** Whether the file knows what its outcome is. */
    public boolean isDescribed() {
        return file.outline().isPresent();
    }

    /** The model of a file that {@link #isDescribed()}. */
    public Imported described(Instant now) {
        ModelOutline outline = file.outline().orElseThrow();
        AuthorsScale scale = file.scale(parameters).orElseGet(() -> AuthorsScale.none(file.width()));
        FeatureScaler features = file.features()
                .orElseThrow(() -> new UsageException(
                        "tensor 'gmil.feature_mean': expected one beside the text 'gmil.model', got none in " + path));
        return finish(outline, scale, features, "the file", now);
    }

    /** The model of another file. */
    public Imported described(Description as, Optional<Training> training, Instant now) throws IOException {
        if (as.covariates().size() != file.fixedEffects() - 1) {
            throw new UsageException("--covariates: expected " + (file.fixedEffects() - 1)
                    + " names, as alpha has a row for the intercept and one for each covariate, got "
                    + as.covariates().size() + " for " + path);
        }
        ModelSpec spec = ModelSpec.binomial(as.trials(), file.width(), file.fixedEffects());
        if (training.isEmpty()) {
            AuthorsScale scale = file.scale(parameters)
                    .orElseThrow(() -> new UsageException(
                            "tensors 'scale_mean' and 'scale_std': expected both, or --cohort FILE with the samples that were"
                                    + " learnt, got neither for " + path));
            return finish(outline(as, scale), scale, FeatureScaler.identity(file.width()), "the file", now);
        }
        try (Cohort cohort = Cohorts.open(training.get().cohort())) {
            if (cohort.width() != file.width()) {
                throw new UsageException("embedding width: expected " + file.width() + " as in " + path + ", got "
                        + cohort.width() + " in " + cohort.description());
            }
            FeatureScaler features = training.get().raw() ? scaler(cohort) : FeatureScaler.identity(file.width());
            AuthorsScale.Training bags = new AuthorsScale.Training(parameters, spec, features);
            BagStream.read(cohort, Sample::training, bag -> bags.add(bag.cells()));
            AuthorsScale scale = scale(bags, cohort);
            origin.put("cohort", cohort.description());
            return finish(outline(as, scale), scale, features, bags.bags() + " training samples", now);
        }
    }

    /** As the authors scale, whose sd is the unbiased one. */
    private static FeatureScaler scaler(Cohort cohort) throws IOException {
        FeatureMoments moments = new FeatureMoments(cohort.width());
        BagStream.read(
                cohort,
                Sample::training,
                bag -> moments.add(bag.values(), bag.cells().count()));
        double[] sd = moments.sd();
        for (int q = 0; q < sd.length; q++) {
            sd[q] *= Math.sqrt(moments.count() / (moments.count() - 1.0));
        }
        return new FeatureScaler(moments.mean(), sd);
    }

    private static AuthorsScale scale(AuthorsScale.Training bags, Cohort cohort) {
        try {
            return bags.scale();
        } catch (IllegalArgumentException e) {
            throw new CohortException(e.getMessage() + " in " + cohort.description(), e);
        }
    }

    private ModelOutline outline(Description as, AuthorsScale scale) {
        return ModelOutline.foreign(
                as.outcome(),
                as.likelihood(),
                as.embedding(),
                as.covariates(),
                parameters.spec(as.trials(), scale),
                "imported from " + path.getFileName());
    }

    private Imported finish(
            ModelOutline outline, AuthorsScale scale, FeatureScaler features, String scaleOf, Instant now) {
        try {
            AuthorsPosterior mapped =
                    AuthorsPosterior.of(parameters, scale, outline.spec(), outline.phase(), outline.labelledBags());
            SavedModel model =
                    outline.with(mapped.posterior(), scale.centred(features), file.covariates(), origin, now);
            return new Imported(model, mapped.widerThanPrior(), scaleOf);
        } catch (IllegalArgumentException e) {
            throw TensorFile.damaged(path, "parameters", "values that fit together", e.getMessage());
        }
    }
}
