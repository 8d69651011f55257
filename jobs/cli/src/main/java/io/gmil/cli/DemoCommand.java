package io.gmil.cli;

import io.gmil.cli.demo.Demo;
import io.gmil.cli.demo.DemoSettings;
import io.gmil.cli.demo.DemoSettings.Kinds;
import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cli.publish.StudyNames;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.CohortWriter;
import io.gmil.cohort.Cohorts;
import io.gmil.cohort.Sample;
import io.gmil.cohort.SimulatedCohort;
import io.gmil.cohort.SimulatedResponse;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the main job on this machine and sends a cohort through it. */
@Command(
        name = "demo",
        description = "Starts Kafka and Flink in this process, sends a cohort through the job and reports how well it "
                + "learnt. Without --cohort the cohort is simulated.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {

    private static final String STUDY = "demo";
    private static final int MOST_PARALLELISM = 4;

    @Mixin
    private SimulationArguments simulation = new SimulationArguments();

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Of simulation, split and order (default: 42).")
    private long seed;

    @Option(
            names = "--write-cohort",
            paramLabel = "FILE",
            description = "Keeps the simulated cohort as .csv, .csv.gz or .h5ad.")
    private Path writeCohort;

    @Mixin
    private CohortArguments cohort = new CohortArguments();

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "Model of 'gmil fit' that the job begins with and learns on from.")
    private Path model;

    @Option(
            names = "--out",
            defaultValue = "demo-out",
            paramLabel = "DIR",
            description = "Results (default: demo-out).")
    private Path out;

    @Option(
            names = "--kind",
            defaultValue = "final",
            paramLabel = "arrival|final|all",
            description = "Predictions in predictions.csv (default: final).")
    private Kinds kinds;

    @Option(
            names = "--top-k",
            defaultValue = "10",
            converter = TopK.Converter.class,
            paramLabel = "N|all",
            description = "Cells of each sample in attention.csv (default: 10).")
    private TopK topK;

    @Option(
            names = "--port",
            defaultValue = "8081",
            paramLabel = "N",
            description = "Of the dashboard (default: 8081).")
    private int port;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Of the job (default: the processors, at most " + MOST_PARALLELISM + ").")
    private Integer parallelism;

    @Option(
            names = "--checkpoint-interval",
            converter = Interval.class,
            paramLabel = "TIME",
            description = "Also how late a committed prediction is seen (default: 2s; 30s on a full topic).")
    private Duration checkpointInterval;

    @Option(names = "--keep-running", description = "Leaves broker, job and dashboard up until Ctrl-C.")
    private boolean keepRunning;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Optional<CohortOptions> asked = cohort.options(seed).map(CohortArguments::requireLearnt);
        requireConsistent(asked.isPresent());
        SavedModel saved =
                model == null ? null : new ModelDirectory(model).read().requirePlain("a stream");
        Optional<CohortOptions> options = saved == null
                ? asked
                : asked.map(of -> OfModel.forLearning(of, cohort.withLikelihood(), cohort.embedding(), saved));
        requireFree(port);
        useLog(out.resolve("gmil.log").toAbsolutePath().toString());
        PrintWriter console = spec.commandLine().getOut();
        try (Cohort source = options.isPresent() ? Cohorts.open(options.get()) : simulated()) {
            requireCovariates(source);
            if (saved != null) {
                saved.requireWidth(source.width(), source.description());
            }
            createOut();
            new Demo(source, settings(options), console).run();
        }
        return 0;
    }

    /** Read by log4j2.xml, and by Flink, whose dashboard shows the file; before either is loaded. */
    private static void useLog(String file) {
        System.setProperty("gmil.log", file);
        System.setProperty("log.file", file);
    }

    private Cohort simulated() throws IOException {
        Cohort simulated = new SimulatedCohort(simulation.options(seed));
        if (writeCohort != null) {
            CohortWriter.write(simulated, writeCohort);
        }
        return simulated;
    }

    private DemoSettings settings(Optional<CohortOptions> options) {
        boolean binomial =
                options.map(of -> of.likelihood() == Outcome.BINOMIAL).orElse(true);
        int trials = options.map(CohortOptions::trials).orElse(SimulatedResponse.TRIALS);
        int processors = Math.min(MOST_PARALLELISM, Runtime.getRuntime().availableProcessors());
        return new DemoSettings(
                names(options),
                binomial,
                trials,
                port,
                out,
                kinds,
                topK.cells(),
                parallelism == null ? processors : parallelism,
                Optional.ofNullable(checkpointInterval),
                Optional.ofNullable(model),
                keepRunning,
                seed);
    }

    private static StudyNames names(Optional<CohortOptions> options) {
        // The job's settings separate outcomes by these two characters.
        String outcome = options.map(of -> of.label().orElse("label"))
                .orElse("Y")
                .replace(':', '_')
                .replace(',', '_');
        String embedding =
                options.map(of -> of.embedding().replaceFirst("^obsm/", "")).orElse("simulated");
        return new StudyNames(STUDY, outcome, embedding, "1");
    }

    private void requireConsistent(boolean real) {
        List<String> problems = new ArrayList<>();
        if (real && !simulation.given().isEmpty()) {
            problems.add(String.join(", ", simulation.given()) + " simulate a cohort and do not go with --cohort");
        }
        if (real && writeCohort != null) {
            problems.add("--write-cohort keeps a simulated cohort and does not go with --cohort");
        }
        if (!real && model != null) {
            problems.add("--model needs --cohort FILE");
        }
        if (parallelism != null && (parallelism < 1 || parallelism > 32)) {
            problems.add("--parallelism: expected 1 to 32, got " + parallelism);
        }
        if (port < 1 || port > 65_535) {
            problems.add("--port: expected 1 to 65535, got " + port);
        }
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
    }

    private static void requireFree(int port) {
        try {
            new ServerSocket(port).close();
        } catch (IOException e) {
            throw new UsageException("port " + port + " of the dashboard is taken; choose another with --port");
        }
    }

    /** A stream predicts samples without label too. */
    private static void requireCovariates(Cohort source) {
        for (Sample sample : source.samples()) {
            for (int k = 0; k < sample.covariates().length; k++) {
                if (Double.isNaN(sample.covariates()[k])) {
                    throw new UsageException("sample '" + sample.id() + "' has no value of covariate '"
                            + source.covariates().get(k) + "' in " + source.description());
                }
            }
        }
    }

    private void createOut() {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UsageException("--out " + out + ": cannot create the directory (" + e.getMessage() + ")");
        }
    }
}
