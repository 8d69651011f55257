package io.gmil.cli;

import io.gmil.cli.offline.FitOptions;
import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cli.offline.OfflineFit;
import io.gmil.cli.report.FitTable;
import io.gmil.cli.report.LeaveOneOutCsv;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.Cohorts;
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
            names = "--passes",
            defaultValue = "12",
            paramLabel = "N",
            description = "Over the samples (default: 12): 2 of mean pooling, 2 linearised, the others sampled.")
    private int passes;

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
            paramLabel = "full|mean-field",
            description = "Covariance of the posterior (default: full).")
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
        requireAtLeastOne("--passes", passes);
        requireAtLeastOne("--starts", starts);
        requireAtLeastOne("--heads", heads);
        ModelDirectory directory = new ModelDirectory(model);
        directory.requireWritable(overwrite);
        if (leaveOneOut != null) {
            OutputFiles.requireWritable("--leave-one-out", leaveOneOut, overwrite);
        }
        try (Cohort source = Cohorts.open(options)) {
            fit(source, options, directory);
        }
        return 0;
    }

    private void fit(Cohort source, CohortOptions options, ModelDirectory directory) throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        OfflineFit fit = OfflineFit.read(source, options, how());
        console.printf(
                Locale.ROOT,
                "Learning %d of %d samples (%d cells, %d features), %d passes ...%n",
                fit.samples(),
                source.samples().size(),
                fit.cells(),
                source.width(),
                passes);
        console.flush();
        long begin = System.nanoTime();
        SavedModel fitted = fit.fit(clock.instant());
        double seconds = (System.nanoTime() - begin) / 1e9;
        List<LeftOut[]> leftOut = leaveOneOut == null ? List.of() : fit.leaveOneOut(fitted);
        List<FitTable> tables = fit.judge(fitted, leftOut);
        directory.write(fitted);
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
        console.printf(Locale.ROOT, "learnt in %.1f s; model in %s%n", seconds, model);
        console.println("Next: ./gmil predict --model " + ShellWord.of(model) + " --cohort "
                + ShellWord.of(options.file()) + read(options)
                + " --out predictions.csv");
        console.flush();
    }

    private FitOptions how() {
        ModelSpec.Effects effects = fixedEffects ? ModelSpec.Effects.FIXED : ModelSpec.Effects.RANDOM;
        return new FitOptions(passes, starts, heads, covariance, effects, seed);
    }

    private static void requireAtLeastOne(String option, int got) {
        if (got < 1) {
            throw new UsageException(option + ": expected at least 1, got " + got);
        }
    }

    /** A form of the posterior by its name, in any case. */
    static final class Kind implements ITypeConverter<ModelSpec.Covariance> {
        @Override
        public ModelSpec.Covariance convert(String name) {
            return Arrays.stream(ModelSpec.Covariance.values())
                    .filter(kind -> kind.name().replace('_', '-').equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("expected full or mean-field, got '" + name + "'"));
        }
    }

    /** What has to be said again to read samples the same way; a model knows its embedding and covariates. */
    private static String read(CohortOptions options) {
        String sample = options.sample()
                .map(column -> " --sample " + ShellWord.of(column))
                .orElse("");
        boolean covariates = !options.covariates().isEmpty();
        return sample
                + options.labels()
                        .filter(file -> covariates)
                        .map(file -> " --labels " + ShellWord.of(file))
                        .orElse("");
    }
}
