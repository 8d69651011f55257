package io.gmil.cli;

import io.gmil.cli.exchange.ModelImport;
import io.gmil.cli.exchange.ModelImport.Imported;
import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.CohortOptionsBuilder;
import io.gmil.cohort.OutcomeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a model of parameters that the authors' code has trained. */
@Command(
        name = "import",
        description = {
            "Makes a model of parameters that the authors' code has trained, or of a file of 'gmil export', which needs "
                    + "no more options than --model.",
            "Of P outcomes --outcome-index takes one; --likelihood categorical takes them all as the classes of one.",
            "Tensors: alpha (K x P), log_sigma_u and log_sigma_z (P), mu and cov_logdiag (P x 2Q), cov_factor "
                    + "(P x 2Q x R), with any prefix such as 'posterior.'; scale_mean and scale_std (P) of the bag "
                    + "effects over the training bags, or --cohort to take them from. The first row of alpha is the "
                    + "intercept."
        },
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class ImportCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "FILE", description = "Parameters: .npz or .safetensors.")
    private Path file;

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Where the model goes.")
    private Path model;

    @Option(names = "--overwrite", description = "Replaces the model in DIR; other files stay.")
    private boolean overwrite;

    @Option(names = "--outcome-index", paramLabel = "N", description = "Which of P outcomes, from 0.")
    private Integer outcomeIndex;

    @Option(
            names = "--likelihood",
            paramLabel = "NAME",
            description = "bernoulli, binomial or categorical (default: bernoulli).")
    private Outcome likelihood;

    @Option(names = "--trials", paramLabel = "N", description = "Trials of a binomial outcome.")
    private Integer trials;

    @Option(
            names = "--classes",
            paramLabel = "NAME",
            split = ",",
            description = "Names of the P columns of a categorical outcome (default: 0,1,...).")
    private List<String> classes = new ArrayList<>();

    @Option(names = "--label", paramLabel = "COLUMN", description = "Name of the outcome (default: label).")
    private String label;

    @Option(
            names = "--embedding",
            paramLabel = "X|obsm/NAME",
            description = "Where cohorts have the embedding (default: X).")
    private String embedding;

    @Option(
            names = "--covariates",
            paramLabel = "COLUMN",
            split = ",",
            description = "Numeric columns of alpha's rows after the intercept, in their order; not scaled.")
    private List<String> covariates = new ArrayList<>();

    @Option(
            names = "--cohort",
            paramLabel = "COHORT",
            description =
                    "Cohort whose labelled training samples the bag effects are scaled by, in place of the file's "
                            + "scale.")
    private Path cohort;

    @Option(names = "--sample", paramLabel = "COLUMN", description = "Column that names a cell's sample.")
    private String sample;

    @Option(names = "--split", paramLabel = "COLUMN", description = "Column that tells training samples from others.")
    private String split;

    @Option(names = "--train", paramLabel = "VALUE", description = "Value of --split that marks training samples.")
    private String train;

    @Option(
            names = "--positive",
            paramLabel = "VALUE",
            split = ",",
            description = "Values of the label that count as 1 (default: the label is numeric).")
    private List<String> positive = new ArrayList<>();

    @Option(names = "--labels", paramLabel = "FILE.csv", description = "One row a sample: label and split.")
    private Path labels;

    @Option(
            names = "--raw-features",
            description = "Cohorts hold the embedding unscaled; the authors' model has seen it as (x - mean) / "
                    + "(sd sqrt(Q)) with mean and sd of the training samples' cells.")
    private boolean rawFeatures;

    @Option(
            names = "--alpha-sd",
            defaultValue = "1e-4",
            paramLabel = "SD",
            description = "Uncertainty of alpha, of which the authors keep none (default: 1e-4).")
    private double alphaSd;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws IOException {
        requireConsistent();
        ModelDirectory directory = new ModelDirectory(model);
        directory.requireWritable(overwrite);
        ModelImport source = ModelImport.open(file, alphaSd);
        if (source.isDescribed()) {
            requireUndescribed();
        }
        Imported imported = source.isDescribed()
                ? source.described(clock.instant())
                : source.described(description(), training(), clock.instant());
        directory.write(imported.model());
        report(imported);
        return 0;
    }

    private void report(Imported imported) {
        PrintWriter console = spec.commandLine().getOut();
        console.printf(
                Locale.ROOT,
                "%s imported, bag effects on the scale of %s; model in %s: model.json, posterior.bin%n",
                file,
                imported.scale(),
                model);
        if (imported.widerThanPrior() > 0) {
            console.printf(
                    Locale.ROOT,
                    "In %d directions it is less certain than its prior; predictions are as imported, but learning on"
                            + " would start from the prior there.%n",
                    imported.widerThanPrior());
        }
        console.flush();
    }

    private void requireConsistent() {
        List<String> problems = new ArrayList<>();
        boolean categorical = likelihood == Outcome.CATEGORICAL;
        if (likelihood == Outcome.NORMAL) {
            problems.add("--likelihood: expected bernoulli, binomial or categorical, got normal");
        }
        if (categorical ? outcomeIndex != null : !classes.isEmpty()) {
            problems.add(
                    categorical
                            ? "--outcome-index does not go with --likelihood categorical, which takes all columns"
                            : "--classes needs --likelihood categorical");
        }
        if (new HashSet<>(classes).size() < classes.size()) {
            problems.add("--classes: expected different names, got " + String.join(",", classes));
        }
        if ((likelihood == Outcome.BINOMIAL) != (trials != null)) {
            problems.add("--likelihood binomial and --trials N go together");
        }
        addIfLess(problems, "--trials", trials, 1);
        addIfLess(problems, "--outcome-index", outcomeIndex, 0);
        if (!(alphaSd > 0) || !Double.isFinite(alphaSd)) {
            problems.add("--alpha-sd: expected a positive number, got " + alphaSd);
        }
        if ((split == null) != (train == null)) {
            problems.add("--split COLUMN and --train VALUE go together");
        }
        boolean ofCohort = sample != null || split != null || rawFeatures || labels != null;
        if (cohort == null && (ofCohort || !positive.isEmpty())) {
            problems.add("--sample, --split, --positive, --labels and --raw-features need --cohort FILE");
        }
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
    }

    private static void addIfLess(List<String> problems, String option, Integer got, int least) {
        if (got != null && got < least) {
            problems.add(option + ": expected at least " + least + ", got " + got);
        }
    }

    private void requireUndescribed() {
        boolean more =
                likelihood != null || label != null || embedding != null || cohort != null || outcomeIndex != null;
        if (more || !covariates.isEmpty()) {
            throw new UsageException("--likelihood, --trials, --outcome-index, --label, --embedding, --covariates and"
                    + " --cohort do not go with a file of 'gmil export', which knows them: " + file);
        }
    }

    private ModelImport.Description description() {
        return new ModelImport.Description(
                label == null ? "label" : label,
                outcomeIndex == null ? -1 : outcomeIndex,
                likelihood == null ? "bernoulli" : likelihood.name().toLowerCase(Locale.ROOT),
                trials == null ? 1 : trials,
                classes,
                embedding == null ? "X" : embedding,
                covariates);
    }

    private Optional<ModelImport.Training> training() {
        return Optional.ofNullable(cohort).map(path -> new ModelImport.Training(options(path), rawFeatures));
    }

    private CohortOptions options(Path path) {
        CohortOptionsBuilder options = CohortOptions.of(path)
                .embedding(embedding == null ? "X" : embedding)
                .outcomes(List.of(new OutcomeOptions(
                        Optional.ofNullable(label),
                        likelihood == null ? Outcome.BERNOULLI : likelihood,
                        trials == null ? 1 : trials,
                        Optional.empty(),
                        positive)));
        Optional.ofNullable(sample).ifPresent(options::sample);
        Optional.ofNullable(split).ifPresent(options::split);
        Optional.ofNullable(train).ifPresent(options::train);
        Optional.ofNullable(labels).ifPresent(options::labels);
        return options.build();
    }
}
