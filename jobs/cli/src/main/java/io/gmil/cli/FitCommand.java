package io.gmil.cli;

import io.gmil.cli.offline.FitOptions;
import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cli.offline.OfflineFit;
import io.gmil.cli.report.FitTable;
import io.gmil.cli.report.LeaveOneOutCsv;
import io.gmil.cli.watch.Display;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.Cohorts;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.model.LeftOut;
import io.gmil.model.ModelSpec;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Learns a cohort offline and keeps the model. */
@Command(
        name = "fit",
        description = "Learns the training samples of a cohort in memory, without Kafka and Flink, and keeps the model "
                + "for 'gmil predict'.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class FitCommand implements Callable<Integer> {

    private static final int PASSES = 12;
    private static final int REFERENCE_EPOCHS = 1000;

    @Mixin
    private CohortArguments cohort = new CohortArguments();

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Where the model goes.")
    private Path model;

    @Option(
            names = "--leave-one-out",
            paramLabel = "FILE.csv",
            description =
                    "Every training sample predicted as if it had not been learnt, and its influence on the model.")
    private Path leaveOneOut;

    @Option(names = "--overwrite", description = "Replaces the model in DIR, and the file of --leave-one-out.")
    private boolean overwrite;

    @Option(
            names = "--method",
            defaultValue = "natural-gradient",
            converter = Method.Converter.class,
            paramLabel = "natural-gradient|reference",
            description =
                    "How it is learnt (default: natural-gradient); reference is the training loop of the authors, for "
                            + "comparison: slow; 1 or 2 trials, or classes.")
    private Method method;

    @Option(
            names = "--passes",
            paramLabel = "N",
            description = "Over the samples (default: 12, 2 of mean pooling, 2 linearised, the others sampled; of the "
                    + "reference 1000).")
    private Integer passes;

    @Option(
            names = "--starts",
            defaultValue = "1",
            paramLabel = "N",
            description = "Attentions to begin with, of which the best goes on (default: 1); for strong attention.")
    private int starts;

    @Option(
            names = "--heads",
            defaultValue = "1",
            paramLabel = "H",
            description = "Attention heads, each with its own weights and effects (default: 1).")
    private int heads;

    @Option(
            names = "--posterior",
            defaultValue = "FULL",
            converter = Kind.class,
            paramLabel = "full|mean-field|low-rank",
            description =
                    "Covariance of the posterior (default: full, held in the form that fits its size); low-rank keeps a "
                            + "few directions of each sample, for wide embeddings.")
    private ModelSpec.Covariance covariance;

    @Option(names = "--fixed-effects", description = "Flat priors: nothing is shrunk. For comparison.")
    private boolean fixedEffects;

    @Option(names = "--seed", defaultValue = "42", paramLabel = "N", description = "Of split and fit (default: 42).")
    private long seed;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws IOException {
        CohortOptions options = cohort.required(seed);
        requireAtLeastOne("--passes", passes());
        requireAtLeastOne("--starts", starts);
        requireAtLeastOne("--heads", heads);
        if (reference()) {
            requireReference(options);
        }
        ModelDirectory directory = new ModelDirectory(model);
        directory.requireWritable(overwrite);
        if (leaveOneOut != null) {
            OutputFiles.requireOutside("--leave-one-out", leaveOneOut, model);
            OutputFiles.requireWritable("--leave-one-out", leaveOneOut, overwrite);
            OutputFiles.requireNotRead("--leave-one-out", leaveOneOut, options);
        }
        try (Cohort source = Cohorts.open(options)) {
            fit(source, options, directory);
        }
        return 0;
    }

    private void fit(Cohort source, CohortOptions options, ModelDirectory directory) throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        OfflineFit fit = OfflineFit.read(source, options, how());
        if (leaveOneOut != null) {
            fit.requireMemoryForLeaveOneOut();
        }
        console.printf(
                Locale.ROOT,
                "Learning %d of %d samples (%d cells, %d features), %d passes ...%n",
                fit.samples(),
                source.samples().size(),
                fit.cells(),
                source.width(),
                passes());
        console.flush();
        SavedModel fitted = learn(fit, console);
        directory.write(fitted); // First of all: what comes after it cannot lose it.
        List<LeftOut[]> leftOut = leaveOneOut == null ? List.of() : fit.leaveOneOut(fitted);
        List<FitTable> tables = fit.judge(fitted, leftOut);
        if (leaveOneOut != null) {
            LeaveOneOutCsv.write(leaveOneOut, fitted.outcomes(), fit.learnt(), leftOut);
        }
        console.println();
        console.println(FitTable.text(tables));
        console.println();
        if (leaveOneOut != null) {
            console.println("Each training sample as if it had not been learnt: " + leaveOneOut);
        } else if (fit.samples() == source.samples().size()) {
            console.println("Every sample was learnt, so nothing tells how good the model is on others;"
                    + " --test-fraction 0.2 holds some out, --leave-one-out FILE.csv predicts each without itself.");
        }
        console.printf(
                Locale.ROOT,
                "learnt in %.1f s; model in %s%n",
                fitted.file().provenance().seconds(),
                model);
        console.println("Next: ./gmil predict --model " + ShellWord.of(model) + " --cohort "
                + ShellWord.of(options.file()) + read(options)
                + " --out predictions.csv");
        console.flush();
    }

    private SavedModel learn(OfflineFit fit, PrintWriter console) {
        try (FitDisplay display = new FitDisplay(console, Display.onTerminal())) {
            return fit.fit(clock.instant(), display);
        }
    }

    private int passes() {
        return passes != null ? passes : reference() ? REFERENCE_EPOCHS : PASSES;
    }

    /** What the authors' loop has no place for. */
    private void requireReference(CohortOptions options) {
        for (OutcomeOptions outcome : options.outcomes()) {
            boolean counted = outcome.likelihood() == Outcome.BERNOULLI
                    || (outcome.likelihood() == Outcome.BINOMIAL
                            && outcome.trialsColumn().isEmpty());
            if (outcome.likelihood() != Outcome.CATEGORICAL && (!counted || outcome.trials() > 2)) {
                throw new UsageException("--method reference: expected outcomes that are categorical, Bernoulli or"
                        + " binomial of 1 or 2 trials, got another: " + outcome.name());
            }
        }
        if (options.group().isPresent() || heads > 1 || starts > 1 || fixedEffects || leaveOneOut != null) {
            throw new UsageException("--method reference has neither --random-intercept, --heads, --starts,"
                    + " --fixed-effects nor --leave-one-out");
        }
        if (covariance == ModelSpec.Covariance.LOW_RANK) {
            throw new UsageException("--method reference: expected --posterior full or mean-field, got low-rank");
        }
    }

    private FitOptions how() {
        ModelSpec.Effects effects = fixedEffects ? ModelSpec.Effects.FIXED : ModelSpec.Effects.RANDOM;
        return new FitOptions(passes(), starts, heads, covariance, effects, reference(), seed);
    }

    private static void requireAtLeastOne(String option, int got) {
        if (got < 1) {
            throw new UsageException(option + ": expected at least 1, got " + got);
        }
    }

    private boolean reference() {
        return method == Method.REFERENCE;
    }

    /** How a model is learnt. */
    enum Method {
        NATURAL_GRADIENT,
        REFERENCE;

        /** By its name, in any case. */
        static final class Converter implements ITypeConverter<Method> {
            @Override
            public Method convert(String name) {
                return Arrays.stream(values())
                        .filter(method -> method.name().replace('_', '-').equalsIgnoreCase(name))
                        .findFirst()
                        .orElseThrow(() -> new TypeConversionException(
                                "expected natural-gradient or reference, got '" + name + "'"));
            }
        }
    }

    /** A form of the posterior by its name, in any case. */
    static final class Kind implements ITypeConverter<ModelSpec.Covariance> {
        @Override
        public ModelSpec.Covariance convert(String name) {
            return Arrays.stream(ModelSpec.Covariance.values())
                    .filter(kind -> kind.name().replace('_', '-').equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException("expected full, mean-field or low-rank, got '" + name + "'"));
        }
    }

    /** What has to be said again to read samples the same way; a model knows its embedding and covariates. */
    private static String read(CohortOptions options) {
        String sample = options.sample()
                .map(column -> " --sample " + ShellWord.of(column))
                .orElse("");
        boolean columns = !options.covariates().isEmpty() || options.group().isPresent();
        return sample
                + options.labels()
                        .filter(file -> columns)
                        .map(file -> " --labels " + ShellWord.of(file))
                        .orElse("");
    }
}
