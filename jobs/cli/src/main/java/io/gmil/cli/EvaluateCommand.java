package io.gmil.cli;

import io.gmil.cli.evaluate.EvaluatedModel;
import io.gmil.cli.evaluate.Evaluation;
import io.gmil.cli.evaluate.EvaluationReport;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.Cohorts;
import io.gmil.cohort.OutcomeOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Says how well GMIL predicts a cohort, beside simpler and other models. */
@Command(
        name = "evaluate",
        description =
                "Cross-validates GMIL, simpler forms of it and a gated attention network on a cohort, without Kafka "
                        + "and Flink. Folds are by patient and stratified by label; scalers see training samples only.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class EvaluateCommand implements Callable<Integer> {

    @Option(names = "--folds", defaultValue = "10", paramLabel = "K", description = "Folds (default: 10).")
    private int folds;

    @Option(
            names = "--repeats",
            defaultValue = "5",
            paramLabel = "N",
            description = "Times that the folds are dealt anew (default: 5).")
    private int repeats;

    @Option(names = "--seed", defaultValue = "0", paramLabel = "N", description = "Of folds and fits (default: 0).")
    private long seed;

    @Option(
            names = "--by",
            paramLabel = "COLUMN",
            description = "Column whose samples stay in one fold, the patient; the same as --patient.")
    private String by;

    @Option(
            names = "--models",
            split = ",",
            converter = ModelName.class,
            paramLabel = "NAME",
            description = "Of gmil, glmmMean, meanField, fixedEffects, gatedAttention (default: all).")
    private List<EvaluatedModel> models = new ArrayList<>();

    @Option(
            names = "--heads",
            defaultValue = "1",
            paramLabel = "H",
            description = "Adds a model of so many attention heads, to be compared with one.")
    private int heads;

    @Option(names = "--json", paramLabel = "FILE", description = "Keeps the figures.")
    private Path json;

    @Mixin
    private CohortArguments cohort = new CohortArguments();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CohortOptions options = cohort.whole(by, seed);
        Evaluation evaluation = evaluation(options);
        requireConsistent(options);
        // Nothing of the libraries' chatter is worth a file; what fails is.
        System.setProperty("gmil.log.level", "error");
        PrintWriter console = spec.commandLine().getOut();
        try (Cohort source = Cohorts.open(options)) {
            EvaluationReport report = evaluation.run(source, console);
            if (json != null) {
                write(report);
                console.println("figures in " + json);
            }
        }
        return 0;
    }

    private Evaluation evaluation(CohortOptions options) {
        List<OutcomeOptions> outcomes = options.outcomes();
        if (outcomes.size() > 1) {
            throw new UsageException("--label: expected one label, got "
                    + outcomes.stream().map(OutcomeOptions::name).collect(Collectors.joining(", "))
                    + "; evaluate them one by one");
        }
        return new Evaluation(asked(options), heads, folds, repeats, outcomes.get(0), seed);
    }

    /** In the order of tables; options that have a model of their own add it. */
    private List<EvaluatedModel> asked(CohortOptions options) {
        EnumSet<EvaluatedModel> asked = EnumSet.noneOf(EvaluatedModel.class);
        asked.addAll(models.isEmpty() ? EvaluatedModel.usual() : models);
        if (heads > 1) {
            asked.add(EvaluatedModel.HEADS);
        }
        if (options.group().isPresent()) {
            asked.add(EvaluatedModel.RANDOM_INTERCEPT);
        }
        return List.copyOf(asked);
    }

    private void requireConsistent(CohortOptions options) {
        List<String> problems = new ArrayList<>();
        if (heads < 1) {
            problems.add("--heads: expected at least 1, got " + heads);
        }
        if (models.contains(EvaluatedModel.HEADS) && heads == 1) {
            problems.add("--models heads needs --heads H of at least 2");
        }
        if (models.contains(EvaluatedModel.RANDOM_INTERCEPT) && options.group().isEmpty()) {
            problems.add("--models randomIntercept needs --random-intercept COLUMN");
        }
        Outcome likelihood = options.outcomes().get(0).likelihood();
        models.stream()
                .filter(model -> !model.learns(likelihood))
                .forEach(model -> problems.add("--models " + model + " learns 0/1 labels and counts only: expected"
                        + " --likelihood bernoulli or binomial, got "
                        + likelihood.name().toLowerCase(Locale.ROOT)));
        if (folds < 2) {
            problems.add("--folds: expected at least 2, got " + folds);
        }
        if (repeats < 1) {
            problems.add("--repeats: expected at least 1, got " + repeats);
        }
        // Found out now rather than after minutes of work.
        if (json != null && (Files.isDirectory(json) || !Files.isDirectory(directory()))) {
            problems.add("--json " + json + ": expected a file in a directory that exists");
        }
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
    }

    private Path directory() {
        return json.toAbsolutePath().getParent();
    }

    private void write(EvaluationReport report) {
        try {
            report.write(json);
        } catch (IOException e) {
            throw new UsageException("--json " + json + ": cannot be written (" + e.getMessage() + ")");
        }
    }

    /** A model by the name that results give it, in any case. */
    static final class ModelName implements ITypeConverter<EvaluatedModel> {
        @Override
        public EvaluatedModel convert(String name) {
            return Arrays.stream(EvaluatedModel.values())
                    .filter(model -> model.toString().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "expected some of " + Arrays.toString(EvaluatedModel.values()) + ", got '" + name + "'"));
        }
    }
}
