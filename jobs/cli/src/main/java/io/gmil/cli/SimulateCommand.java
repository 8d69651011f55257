package io.gmil.cli;

import io.gmil.cli.watch.Display;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortWriter;
import io.gmil.cohort.Sample;
import io.gmil.cohort.SimulatedCohort;
import io.gmil.cohort.SimulationOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes a cohort simulated by the paper's law. */
@Command(
        name = "simulate",
        description =
                "Writes a cohort simulated by the paper's law, with labels, split, true effects and true weights.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class SimulateCommand implements Callable<Integer> {

    private static final int MOST_OUTCOMES = 100;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "File: .h5ad, .csv or .csv.gz.")
    private Path out;

    @Mixin
    private SimulationArguments simulation = new SimulationArguments();

    @Option(names = "--seed", defaultValue = "42", paramLabel = "N", description = "Of everything drawn (default: 42).")
    private long seed;

    @Option(
            names = "--v-beta",
            defaultValue = "0.5",
            paramLabel = "V",
            description = "Variance of the bag effect (default: 0.5).")
    private double vBeta;

    @Option(
            names = "--v-gamma",
            defaultValue = "0.8",
            paramLabel = "V",
            description = "Variance of the attention logit (default: 0.8; 0 weighs all cells alike).")
    private double vGamma;

    @Option(
            names = "--outcomes",
            defaultValue = "1",
            paramLabel = "N",
            description = "Labels of each bag: label, label_2, ..., each with its own effects (default: 1).")
    private int outcomes;

    @Mixin
    private ResponseArguments response = new ResponseArguments();

    @Option(names = "--ragged", description = "Bags of different sizes, log-normal with mean --cells.")
    private boolean ragged;

    @Option(names = "--overwrite", description = "Replaces FILE where it exists.")
    private boolean overwrite;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        SimulationOptions options = options();
        requireName();
        OutputFiles.requireWritable("--out", out, overwrite);
        PrintWriter console = spec.commandLine().getOut();
        try (Cohort cohort = drawn(options, console)) {
            CohortWriter.write(cohort, out);
            console.println(written(cohort));
            console.println(howToGoOn());
            console.flush();
        }
        return 0;
    }

    private static Cohort drawn(SimulationOptions options, PrintWriter console) {
        int bags = options.bags() + options.testBags();
        try (SimulationDisplay display = new SimulationDisplay(bags, console, Display.onTerminal())) {
            return new SimulatedCohort(options, display);
        }
    }

    private SimulationOptions options() {
        SimulationOptions size = simulation.options(seed);
        List<String> problems = new ArrayList<>();
        requireVariance("--v-beta", vBeta, problems);
        requireVariance("--v-gamma", vGamma, problems);
        if (outcomes < 1 || outcomes > MOST_OUTCOMES) {
            problems.add("--outcomes: expected 1 to " + MOST_OUTCOMES + ", got " + outcomes);
        }
        response.addProblems(problems);
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("; ", problems));
        }
        return new SimulationOptions(
                size.bags(),
                size.testBags(),
                size.cells(),
                size.dim(),
                vBeta,
                vGamma,
                size.intercept(),
                seed,
                outcomes,
                ragged,
                response.response());
    }

    private static void requireVariance(String name, double value, List<String> problems) {
        if (!(value >= 0) || !Double.isFinite(value)) {
            problems.add(name + ": expected a variance of at least 0, got " + value);
        }
    }

    private boolean h5ad() {
        return out.toString().toLowerCase(Locale.ROOT).endsWith(".h5ad");
    }

    /** Before anything is drawn: the writer would say so only afterwards. */
    private void requireName() {
        String name = out.toString().toLowerCase(Locale.ROOT);
        if (!h5ad() && !name.endsWith(".csv") && !name.endsWith(".csv.gz")) {
            throw new UsageException("--out: expected a name that ends in .h5ad, .csv or .csv.gz, got " + out);
        }
    }

    private String written(Cohort cohort) throws IOException {
        long training = cohort.samples().stream().filter(Sample::training).count();
        return String.format(
                Locale.ROOT,
                "%s: %d training and %d test bags, %d cells, %d features (%.1f MB)",
                out,
                training,
                cohort.samples().size() - training,
                cohort.samples().stream().mapToLong(Sample::cells).sum(),
                cohort.width(),
                Files.size(out) / 1e6);
    }

    private String howToGoOn() {
        String demo = response.ofThePaper() ? "or ./gmil demo without --model" : "";
        String suffix = response.oneEffect() ? "" : "_c0";
        String further = outcomes == 1 ? "" : "label_2, u_true_2" + suffix + ", w_true_2" + suffix + " also";
        String notes = Stream.of(demo, further).filter(note -> !note.isEmpty()).collect(Collectors.joining("; "));
        return "Next: ./gmil fit --model model --cohort " + ShellWord.of(out)
                + (h5ad() ? " --embedding obsm/X_emb" : "")
                + response.readBy()
                + " --split split --train train"
                + (response.oneEffect() ? " --true-effect u_true --true-weight w_true" : "")
                + (notes.isEmpty() ? "" : "   (" + notes + ")");
    }
}
