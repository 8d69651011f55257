package io.gmil.cli;

import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cli.offline.OfflinePrediction;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.Cohorts;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
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

    @Option(names = "--out", required = true, paramLabel = "FILE.csv", description = "Predictions.")
    private Path out;

    @Option(names = "--attention", paramLabel = "FILE.csv", description = "Cells with the largest weights.")
    private Path attention;

    @Option(
            names = "--top-k",
            converter = TopK.Converter.class,
            paramLabel = "N|all",
            description = "Cells of each sample in the file of --attention (default: 10).")
    private TopK topK;

    @Option(names = "--overwrite", description = "Replaces files that exist.")
    private boolean overwrite;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws IOException {
        CohortOptions asked = cohort.required(0);
        requireOutput();
        SavedModel saved = new ModelDirectory(model).read();
        requireSameOutcome(asked, saved);
        CohortOptions options = asked.forPrediction(
                cohort.embedding().orElse(saved.embedding()), saved.covariates(), saved.covariateCodes());
        try (Cohort source = Cohorts.open(options)) {
            saved.requireWidth(source.width(), source.description());
            int cells = topK == null ? 10 : topK.cells();
            int learnt = new OfflinePrediction(source, saved, clock.instant())
                    .run(new OfflinePrediction.Output(out, Optional.ofNullable(attention), cells));
            report(source, learnt);
        }
        return 0;
    }

    private void report(Cohort source, int learnt) {
        PrintWriter console = spec.commandLine().getOut();
        console.printf(
                Locale.ROOT,
                "%d samples predicted, %s of them learnt by the model: %s%s%n",
                source.samples().size(),
                learnt == 0 ? "none" : Integer.toString(learnt),
                out,
                attention == null ? "" : ", " + attention);
        console.flush();
    }

    private void requireOutput() {
        OutputFiles.requireWritable("--out", out, overwrite);
        if (attention == null) {
            if (topK != null) {
                throw new UsageException("--top-k needs --attention FILE.csv");
            }
            return;
        }
        OutputFiles.requireWritable("--attention", attention, overwrite);
        if (attention.toAbsolutePath().normalize().equals(out.toAbsolutePath().normalize())) {
            throw new UsageException("--out and --attention: expected two files, got " + out + " twice");
        }
    }

    /** An option that says otherwise than the model is a mistake; one that says the same may be given. */
    private void requireSameOutcome(CohortOptions asked, SavedModel saved) {
        asked.label().filter(label -> !label.equals(saved.outcome())).ifPresent(label -> {
            throw new UsageException("--label: expected " + saved.outcome() + " as in the model, got " + label);
        });
        if (asked.likelihood() == Outcome.BINOMIAL && asked.trials() != saved.trials()) {
            throw new UsageException(
                    "--trials: expected " + saved.trials() + " as in the model, got " + asked.trials());
        }
        if (!asked.covariates().isEmpty() && !asked.covariates().equals(saved.covariates())) {
            throw new UsageException("--covariates: expected "
                    + (saved.covariates().isEmpty() ? "none" : String.join(",", saved.covariates()))
                    + " as in the model, got " + String.join(",", asked.covariates()));
        }
    }
}
