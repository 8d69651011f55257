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
import io.gmil.model.Binomial;
import io.gmil.model.Categorical;
import io.gmil.model.FeatureMoments;
import io.gmil.model.FeatureScaler;
import io.gmil.model.Likelihood;
import io.gmil.model.ModelSpec;
import io.gmil.model.OutcomePosterior;
import io.gmil.model.Posterior;
import io.gmil.stream.saved.Fingerprint;
import io.gmil.stream.saved.ModelFile;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Makes a model of a file of the authors' parameters, or of one that {@link ModelExport} has written. */
public final class ModelImport {

    /**
     * What an outcome is, where the file does not say.
     *
     * @param outcome its name
     * @param outcomeIndex column of P, −1 for the only one, or for all classes
     * @param likelihood bernoulli, binomial or categorical
     * @param classes names of the columns of a categorical outcome; none for 0, 1, …
     * @param covariates names of the fixed effects but the first, which is the intercept
     */
    public record Description(
            String outcome,
            int outcomeIndex,
            String likelihood,
            int trials,
            List<String> classes,
            String embedding,
            List<String> covariates) {

        private boolean categorical() {
            return likelihood.equals("categorical");
        }
    }

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
    private final double alphaSd;
    private final Map<String, String> origin = new LinkedHashMap<>();

    private ModelImport(Path path, double alphaSd) throws IOException {
        this.path = path;
        this.file = new AuthorsFile(TensorFile.read(path));
        this.alphaSd = alphaSd;
        origin.put("imported", path.getFileName().toString());
        origin.put("imported-sha256", Fingerprint.ofBytes(Files.readAllBytes(path)));
    }

    /**
     * Opens a file and checks it.
     *
     * @param alphaSd standard deviation of α where the file has none
     */
    public static ModelImport open(Path path, double alphaSd) throws IOException {
        return new ModelImport(path, alphaSd);
    }

    /** Whether the file knows what its outcome is. */
    public boolean isDescribed() {
        return file.outline().isPresent();
    }

    /** The model of a file that {@link #isDescribed()}. */
    public Imported described(Instant now) {
        ModelOutline outline = file.outline().orElseThrow();
        List<ModelSpec> specs = outline.specs();
        int columns =
                specs.stream().mapToInt(spec -> spec.likelihood().components()).sum();
        if (columns != file.columns()) {
            throw TensorFile.damaged(path, "tensor 'mu'", columns + " rows as in 'gmil.model'", file.columns());
        }
        FeatureScaler features = file.features()
                .orElseThrow(() -> new UsageException(
                        "tensor 'gmil.feature_mean': expected one beside the text 'gmil.model', got none in " + path));
        List<AuthorsParameters> parameters = parameters(IntStream.range(0, columns));
        return finish(outline, parameters, fileScales(parameters, 0), features, "the file", now);
    }

    /** The model of another file. */
    public Imported described(Description as, Optional<Training> training, Instant now) throws IOException {
        int first = firstColumn(as);
        int count = as.categorical() ? file.columns() : 1;
        List<String> classes = classes(as);
        if (as.covariates().size() != file.fixedEffects() - 1) {
            throw new UsageException("--covariates: expected " + (file.fixedEffects() - 1)
                    + " names, as alpha has a row for the intercept and one for each covariate, got "
                    + as.covariates().size() + " for " + path);
        }
        if (as.outcomeIndex() >= 0) {
            origin.put("outcome-index", Integer.toString(as.outcomeIndex()));
        }
        List<AuthorsParameters> parameters = parameters(IntStream.range(first, first + count));
        if (training.isEmpty()) {
            if (file.scale(first, parameters.get(0)).isEmpty()) {
                throw new UsageException(
                        "tensors 'scale_mean' and 'scale_std': expected both, or --cohort FILE with the"
                                + " samples that were learnt, got neither for " + path);
            }
            List<AuthorsScale> scales = fileScales(parameters, first);
            FeatureScaler features = FeatureScaler.identity(file.width());
            return finish(outline(as, classes, parameters, scales), parameters, scales, features, "the file", now);
        }
        try (Cohort cohort = Cohorts.open(training.get().cohort())) {
            if (cohort.width() != file.width()) {
                throw new UsageException("embedding width: expected " + file.width() + " as in " + path + ", got "
                        + cohort.width() + " in " + cohort.description());
            }
            FeatureScaler features = training.get().raw() ? scaler(cohort) : FeatureScaler.identity(file.width());
            List<AuthorsScale.Training> bags = new ArrayList<>();
            for (AuthorsParameters each : parameters) {
                ModelSpec spec = ModelSpec.binomial(1, file.width(), file.fixedEffects());
                bags.add(new AuthorsScale.Training(each, spec, features));
            }
            BagStream.read(cohort, ModelImport::learnt, bag -> bags.forEach(scale -> scale.add(bag.cells())));
            List<AuthorsScale> scales = AuthorsScale.shared(
                    parameters, bags.stream().map(scale -> scale(scale, cohort)).toList());
            origin.put("cohort", cohort.description());
            String of = bags.get(0).bags() + " training samples";
            return finish(outline(as, classes, parameters, scales), parameters, scales, features, of, now);
        }
    }

    private int firstColumn(Description as) {
        int columns = file.columns();
        if (as.categorical()) {
            if (columns < 2) {
                throw new UsageException("--likelihood categorical: expected a file with a column for each of at least"
                        + " 2 classes, got one column in " + path);
            }
            return 0;
        }
        int index = as.outcomeIndex();
        if (index < 0 && columns > 1 || index >= columns) {
            throw new UsageException("--outcome-index: expected 0 to " + (columns - 1) + " as there are " + columns
                    + " outcomes, got " + (index < 0 ? "none" : index) + " for " + path
                    + (columns > 1 ? "; where they are classes of one outcome, --likelihood categorical" : ""));
        }
        return Math.max(index, 0);
    }

    private List<String> classes(Description as) {
        if (!as.categorical() || !as.classes().isEmpty() && as.classes().size() == file.columns()) {
            return as.classes();
        }
        if (!as.classes().isEmpty()) {
            throw new UsageException("--classes: expected " + file.columns() + " names, one of each column, got "
                    + as.classes().size() + " for " + path);
        }
        return IntStream.range(0, file.columns()).mapToObj(Integer::toString).toList();
    }

    private List<AuthorsParameters> parameters(IntStream columns) {
        int[] wanted = columns.toArray();
        Memory.require(path.toString(), AuthorsPosterior.heapIn(file.fixedEffects() + 2 * file.width(), wanted.length));
        return IntStream.of(wanted)
                .mapToObj(column -> file.parameters(column, alphaSd))
                .toList();
    }

    /** The scales of columns from {@code first} on; one that changes nothing where the file has none. */
    private List<AuthorsScale> fileScales(List<AuthorsParameters> parameters, int first) {
        return AuthorsScale.shared(
                parameters,
                IntStream.range(0, parameters.size())
                        .mapToObj(c -> file.scale(first + c, parameters.get(c))
                                .orElseGet(() -> AuthorsScale.none(file.width())))
                        .toList());
    }

    /** What the authors' training scale is of. */
    private static boolean learnt(Sample sample) {
        return sample.training() && sample.labelled();
    }

    /** As the authors scale, whose sd is the unbiased one. */
    private static FeatureScaler scaler(Cohort cohort) throws IOException {
        FeatureMoments moments = new FeatureMoments(cohort.width());
        BagStream.read(
                cohort,
                ModelImport::learnt,
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

    private ModelOutline outline(
            Description as, List<String> classes, List<AuthorsParameters> parameters, List<AuthorsScale> scales) {
        Likelihood likelihood = as.categorical() ? new Categorical(parameters.size()) : new Binomial(as.trials());
        return ModelOutline.foreign(
                as.outcome(),
                as.likelihood(),
                classes,
                as.embedding(),
                as.covariates(),
                AuthorsParameters.spec(likelihood, parameters, scales),
                "imported from " + path.getFileName());
    }

    /** @param parameters of each outcome and class, one after the other */
    private Imported finish(
            ModelOutline outline,
            List<AuthorsParameters> parameters,
            List<AuthorsScale> scales,
            FeatureScaler features,
            String scaleOf,
            Instant now) {
        try {
            List<OutcomePosterior> outcomes = new ArrayList<>();
            int wider = 0;
            int column = 0;
            for (ModelSpec spec : outline.specs()) {
                List<Posterior> classes = new ArrayList<>();
                for (ModelFile.State state : outline.states().get(outcomes.size())) {
                    AuthorsPosterior mapped = AuthorsPosterior.of(
                            parameters.get(column),
                            scales.get(column),
                            spec,
                            state.phase(),
                            state.labelledBags(),
                            state.noise());
                    wider += mapped.widerThanPrior();
                    classes.add(mapped.posterior());
                    column++;
                }
                outcomes.add(new OutcomePosterior(classes));
            }
            SavedModel model = outline.with(outcomes, scales.get(0).centred(features), file.covariates(), origin, now);
            return new Imported(model, wider, scaleOf);
        } catch (IllegalArgumentException e) {
            throw TensorFile.damaged(path, "parameters", "values that fit together", e.getMessage());
        }
    }
}
