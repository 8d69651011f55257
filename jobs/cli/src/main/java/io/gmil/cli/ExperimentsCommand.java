package io.gmil.cli;

import io.gmil.cli.experiments.ClosingLines;
import io.gmil.cli.experiments.ExperimentName;
import io.gmil.cli.experiments.Laboratory;
import io.gmil.cli.experiments.Notebook;
import io.gmil.cli.experiments.Result;
import io.gmil.cli.experiments.Scale;
import io.gmil.cli.watch.Display;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Answers the paper's questions again, on simulated cohorts. */
@Command(
        name = "experiments",
        description =
                "Reruns what the GMIL paper and its open questions ask, on simulated cohorts, and writes a page of "
                        + "tables and plots.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
final class ExperimentsCommand implements Callable<Integer> {

    private static final int MOST_OUTCOMES = 100;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Directory for experiments.md, its plots and experiments.json; made where it does not exist.")
    private Path out;

    @Option(names = "--quick", description = "Small cohorts: shows in seconds that everything runs.")
    private boolean quick;

    @Option(
            names = "--only",
            split = ",",
            converter = Name.class,
            paramLabel = "NAME",
            description = "Of attention, vgamma, bags, cells, posterior, effects, embeddings, large, uncertainty "
                    + "(default: all).")
    private List<ExperimentName> only = new ArrayList<>();

    @Option(names = "--seed", defaultValue = "42", paramLabel = "N", description = "Of cohorts and fits (default: 42).")
    private long seed;

    @Option(
            names = "--outcomes",
            defaultValue = "5",
            paramLabel = "N",
            description = "Labels of each cohort, each with its own effects (default: 5).")
    private int outcomes;

    @Option(names = "--overwrite", description = "Replaces a page that is there.")
    private boolean overwrite;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (outcomes < 1 || outcomes > MOST_OUTCOMES) {
            throw new UsageException("--outcomes: expected 1 to " + MOST_OUTCOMES + ", got " + outcomes);
        }
        makeDirectory();
        // Nothing of the libraries' chatter is worth a file; what fails is.
        System.setProperty("gmil.log.level", "error");
        // Plots are painted without a screen.
        System.setProperty("java.awt.headless", "true");
        PrintWriter console = spec.commandLine().getOut();
        try (Display display = new Display(console, Display.onTerminal())) {
            display.println(ClosingLines.of(run(display)));
            display.println("");
            display.println("tables and plots in " + out.resolve(Notebook.PAGE));
        }
        return 0;
    }

    private List<Result> run(Display display) throws IOException, InterruptedException {
        EnumSet<ExperimentName> asked = only.isEmpty() ? EnumSet.allOf(ExperimentName.class) : EnumSet.copyOf(only);
        Notebook notebook = new Notebook(out);
        List<Result> results = new ArrayList<>();
        int threads = Runtime.getRuntime().availableProcessors();
        try (Laboratory laboratory = new Laboratory(new Scale(quick, seed, outcomes), threads, display)) {
            for (ExperimentName name : asked) {
                results.add(laboratory.run(name));
                notebook.write(results);
            }
        }
        return results;
    }

    private void makeDirectory() {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UsageException("--out " + out + ": expected a directory, or a name for one (" + e + ")");
        }
        OutputFiles.requireWritable("--out", out.resolve(Notebook.PAGE), overwrite);
    }

    /** An experiment by its name, in any case. */
    static final class Name implements ITypeConverter<ExperimentName> {
        @Override
        public ExperimentName convert(String name) {
            return Arrays.stream(ExperimentName.values())
                    .filter(experiment -> experiment.toString().equalsIgnoreCase(name))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "expected some of " + Arrays.toString(ExperimentName.values()) + ", got '" + name + "'"));
        }
    }
}
