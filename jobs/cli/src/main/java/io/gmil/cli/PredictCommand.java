package io.gmil.cli;

import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cli.offline.OfflinePrediction;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.Cohorts;
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

    @Option(
            names = "--without-covariate",
            paramLabel = "NAME",
            description = "Leaves this covariate out: every sample counts as average in it. Repeatable.")
    private List<String> without = new ArrayList<>();

    @Option(names = "--overwrite", description = "Replaces files that exist.")
    private boolean overwrite;

    @Spec
    private CommandSpec spec;

    private final Clock clock = Clock.systemUTC();

    @Override
    public Integer call() throws IOException {
        CohortOptions asked = CohortArguments.requireLearnt(cohort.required(0));
        requireNothingUnread();
        requireOutput();
        SavedModel saved = new ModelDirectory(model).read();
        OfModel.requireSame(asked, saved);
        requireCovariatesOf(saved);
        List<String> covariates = new ArrayList<>(saved.covariates());
        covariates.removeAll(without);
        Map<String, List<String>> codes = saved.covariateCodes();
        codes.keySet().retainAll(covariates);
        CohortOptions options =
                asked.forPrediction(cohort.embedding().orElse(saved.embedding()), covariates, codes, Optional.empty());
        try (Cohort source = Cohorts.open(options)) {
            saved.requireWidth(source.width(), source.description());
            int cells = topK == null ? 10 : topK.cells();
            int learnt = new OfflinePrediction(source, saved, Set.copyOf(without), clock.instant())
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
