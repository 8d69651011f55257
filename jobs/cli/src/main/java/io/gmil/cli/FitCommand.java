package io.gmil.cli;

import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cli.offline.OfflineFit;
import io.gmil.cli.report.FitTable;
import io.gmil.cli.report.LeaveOneOutCsv;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.Cohorts;
import io.gmil.model.LeftOut;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

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

    @Option(names = "--seed", defaultValue = "42", paramLabel = "N", description = "Of split and fit (default: 42).")
    private long seed;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws IOException {
        CohortOptions options = CohortArguments.requireLearnt(cohort.required(seed));
        if (passes < 1) {
            throw new UsageException("--passes: expected at least 1, got " + passes);
        }
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
        OfflineFit fit = OfflineFit.read(source, options, passes);
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
        List<LeftOut> leftOut = leaveOneOut == null ? List.of() : fit.leaveOneOut(fitted);
        FitTable table = fit.judge(fitted, leftOut);
        directory.write(fitted);
        if (leaveOneOut != null) {
            LeaveOneOutCsv.write(leaveOneOut, fit.learnt(), leftOut);
        }
        console.println();
        console.println(table.text());
        console.println();
        if (leaveOneOut != null) {
            console.println("Each training sample as if it had not been learnt: " + leaveOneOut);
        } else if (fit.samples() == source.samples().size()) {
            console.println("Every sample was learnt, so nothing tells how good the model is on others;"
                    + " --test-fraction 0.2 holds some out, --leave-one-out FILE.csv predicts each without itself.");
        }
        console.printf(Locale.ROOT, "learnt in %.1f s; model in %s: model.json, posterior.bin%n", seconds, model);
        console.println("Next: ./gmil predict --model " + ShellWord.of(model) + " --cohort "
                + ShellWord.of(options.file()) + read(options)
                + " --out predictions.csv");
        console.flush();
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
