package io.gmil.cli;

import io.gmil.cli.evaluate.EvaluatedModel;
import io.gmil.cli.evaluate.Evaluation;
import io.gmil.cli.evaluate.EvaluationReport;
import io.gmil.cli.evaluate.FitSettings;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
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
import java.util.OptionalDouble;
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

    @Option(
            names = "--starts",
            defaultValue = "1",
            paramLabel = "N",
            description = "Attentions that each fit of GMIL begins with, of which the best goes on (default: 1).")
    private int starts;

    @Option(
            names = "--passes",
            defaultValue = "20",
            paramLabel = "N",
            description = "Over the training samples in each fit of GMIL (default: 20).")
    private int passes;

    @Option(
            names = "--true-intercept",
            paramLabel = "A",
            description = "Intercept that goes with --true-effect, for the coverage of both together.")
    private Double trueIntercept;

    @Option(names = "--json", paramLabel = "FILE", description = "Keeps the figures; replaces the file.")
    private Path json;

    @Mixin
    private CohortArguments cohort = new CohortArguments();

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        CohortOptions options = cohort.whole(by, seed);
        requireConsistent(options);
        if (json != null) {
            OutputFiles.requireNotRead("--json", json, options);
        }
        Evaluation evaluation = evaluation(options);
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
        return new Evaluation(
                asked(options),
                new FitSettings(passes, starts, heads),
                folds,
                repeats,
                options.outcomes().get(0),
                trueIntercept == null ? OptionalDouble.empty() : OptionalDouble.of(trueIntercept),
                seed);
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
        List<OutcomeOptions> outcomes = options.outcomes();
        if (outcomes.size() > 1) {
            problems.add("--label: expected one label, got "
                    + outcomes.stream().map(OutcomeOptions::name).collect(Collectors.joining(", "))
                    + "; evaluate them one by one");
        }
        requireAtLeast(1, "--heads", heads, problems);
        requireAtLeast(1, "--starts", starts, problems);
        requireAtLeast(1, "--passes", passes, problems);
        requireAtLeast(2, "--folds", folds, problems);
        requireAtLeast(1, "--repeats", repeats, problems);
        if (trueIntercept != null && options.trueEffect().isEmpty()) {
            problems.add("--true-intercept needs --true-effect COLUMN");
        }
        if (models.contains(EvaluatedModel.HEADS) && heads == 1) {
            problems.add("--models heads needs --heads H of at least 2");
        }
        if (models.contains(EvaluatedModel.RANDOM_INTERCEPT) && options.group().isEmpty()) {
            problems.add("--models randomIntercept needs --random-intercept COLUMN");
        }
        // Found out now rather than after minutes of work.
        if (json != null && (Files.isDirectory(json) || !Files.isDirectory(directory()))) {
            problems.add("--json " + json + ": expected a file in a directory that exists");
        }
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
    }

    private static void requireAtLeast(int least, String option, int got, List<String> problems) {
        if (got < least) {
            problems.add(option + ": expected at least " + least + ", got " + got);
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
