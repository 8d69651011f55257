package io.gmil.cli;

import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cli.offline.OfflinePrediction;
import io.gmil.cli.report.PredictionTable;
import io.gmil.cli.watch.Display;
import io.gmil.cli.watch.ProgressBar;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.Cohorts;
import io.gmil.cohort.Sample;
import io.gmil.schema.Prediction;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Predicts the samples of a cohort by a model that {@code gmil fit} kept. */
@Command(
        name = "predict",
        description =
                "Predicts every sample of a cohort by a model of 'gmil fit'. The model knows its embedding and its "
                        + "covariates; labels, split and truth are not read.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class PredictCommand implements Callable<Integer> {

    @Mixin
    private CohortArguments cohort = new CohortArguments();

    @Option(names = "--model", required = true, paramLabel = "DIR", description = "Model of 'gmil fit'.")
    private Path model;

    @Mixin
    private PredictionFiles files = new PredictionFiles();

    @Option(
            names = "--without-covariate",
            paramLabel = "NAME",
            description = "Leaves this covariate out: every sample counts as average in it. Repeatable.")
    private List<String> without = new ArrayList<>();

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws IOException {
        CohortOptions asked = cohort.required(0);
        requireNothingUnread();
        files.require(asked, model);
        SavedModel saved = new ModelDirectory(model).read();
        OfModel.requireSame(asked, cohort.withLikelihood(), saved);
        requireCovariatesOf(saved);
        List<String> covariates = new ArrayList<>(saved.covariates());
        covariates.removeAll(without);
        Map<String, List<String>> codes = saved.covariateCodes();
        codes.keySet().retainAll(covariates);
        CohortOptions options =
                asked.forPrediction(cohort.embedding().orElse(saved.embedding()), covariates, codes, group(saved));
        try (Cohort source = Cohorts.open(options)) {
            saved.requireWidth(source.width(), source.description());
            report(source, run(source, new OfflinePrediction(source, saved, Set.copyOf(without), clock.instant())));
        }
        return 0;
    }

    private static Optional<String> group(SavedModel saved) {
        return Optional.of(saved.file().randomIntercept().column()).filter(column -> !column.isEmpty());
    }

    private List<Prediction> run(Cohort source, OfflinePrediction prediction) throws IOException {
        if (!Display.onTerminal()) {
            return prediction.run(files.output(), cells -> {});
        }
        long all = source.samples().stream().mapToLong(Sample::cells).sum();
        try (Display display = new Display(spec.commandLine().getOut(), true)) {
            return prediction.run(files.output(), cells -> {
                if (display.due(System.nanoTime()) || cells == all) {
                    display.status(ProgressBar.of("cells", cells, all), System.nanoTime());
                }
            });
        }
    }

    private void report(Cohort source, List<Prediction> predictions) {
        PrintWriter console = spec.commandLine().getOut();
        console.println(PredictionTable.of(predictions));
        console.println();
        console.printf(
                Locale.ROOT,
                "%d samples, %d cells predicted: %s%n",
                source.samples().size(),
                source.samples().stream().mapToLong(Sample::cells).sum(),
                String.join(", ", files.names()));
        console.flush();
    }

    private void requireNothingUnread() {
        List<String> unread = cohort.givenForLearning();
        if (!unread.isEmpty()) {
            throw new UsageException(String.join(", ", unread)
                    + ": not for 'predict', which predicts every sample and reads neither labels nor split nor truth");
        }
    }

    private void requireCovariatesOf(SavedModel saved) {
        for (String name : without) {
            if (!saved.covariates().contains(name)) {
                throw new UsageException("--without-covariate: expected a covariate of the model ("
                        + (saved.covariates().isEmpty() ? "it has none" : String.join(", ", saved.covariates()))
                        + "), got " + name);
            }
        }
    }
}
