package io.gmil.cli.chaos;

import io.gmil.cli.UsageException;
import io.gmil.cli.cluster.ClusterException;
import io.gmil.cli.cluster.ClusterSettings;
import io.gmil.cli.cluster.ProcessCluster;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a cluster of processes for long, and checks that nothing grows and that every count adds up. */
@Command(
        name = "soak",
        description =
                "Streams bags into a cluster of its own for long, with corrections, erasures and kills, and checks "
                        + "that every count adds up and that heap and state level off.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
public final class SoakCommand implements Callable<Integer> {

    /** With a slot each, so that the job needs both, and the death of either is felt. */
    private static final int TASK_MANAGERS = 2;

    @Option(
            names = "--bags",
            defaultValue = "50000",
            paramLabel = "N",
            description = "Revisions of bags in all (default: 50000).")
    private int bags;

    @Option(
            names = "--labelled",
            paramLabel = "N",
            description = "Patients with a label at any time (default: 1000, at most a tenth of the bags).")
    private Integer labelled;

    @Option(
            names = "--kills",
            defaultValue = "5",
            paramLabel = "N",
            description = "Of a task manager; with the one in the middle goes the job manager (default: 5).")
    private int kills;

    @Option(
            names = "--rate",
            defaultValue = "60",
            paramLabel = "N",
            description = "Bags a second at the most (default: 60).")
    private double rate;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Of everything that is sent (default: 42).")
    private long seed;

    @Option(
            names = "--directory",
            defaultValue = "gmil-soak",
            paramLabel = "DIR",
            description = "New; for the cluster, with its logs (default: gmil-soak).")
    private Path directory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        SoakPlan plan = new SoakPlan(bags, labelled == null ? Math.min(1000, bags / 10) : labelled, kills, rate, seed);
        if (Files.exists(directory)) {
            throw new UsageException("--directory " + directory + ": expected a new one, but it exists");
        }
        Files.createDirectories(directory);
        System.setProperty(
                "gmil.log", directory.resolve("gmil.log").toAbsolutePath().toString());
        PrintWriter out = spec.commandLine().getOut();
        ProcessCluster cluster = ProcessCluster.create(
                directory.resolve("cluster"),
                ClusterSettings.of(TASK_MANAGERS, 0, 0).withSlots(1));
        SoakReport report = new SoakReport(out);
        try {
            cluster.start();
            try (Soak soak = new Soak(cluster, directory, plan)) {
                report.print(soak, finishes(soak, out));
            }
        } finally {
            cluster.stop();
        }
        out.println(
                report.sound()
                        ? "every count adds up" + (plan.levels() ? ", heap and state level off" : "")
                        : "NOT as it should be: see the lines marked with !");
        out.flush();
        return report.sound() ? 0 : 1;
    }

    /** What did not come in time is told apart in the report. */
    private static boolean finishes(Soak soak, PrintWriter out) throws Exception {
        out.printf(
                "%8s %7s %9s %16s %10s %10s %10s%n",
                "bags", "per s", "labelled", "heap MB", "RocksDB MB", "state MB", "written MB");
        out.flush();
        try {
            soak.run((sent, perSecond, learnt, vitals) -> {
                out.printf(
                        Locale.ROOT,
                        "%8d %7.1f %9d %16s %10.1f %10.1f %10.1f%n",
                        sent,
                        perSecond,
                        learnt,
                        vitals.heap().stream()
                                .map(heap -> String.format(Locale.ROOT, "%.1f", heap))
                                .collect(Collectors.joining(" + ")),
                        vitals.rocksDb(),
                        vitals.state(),
                        vitals.checkpoint());
                out.flush();
            });
            return true;
        } catch (ClusterException e) {
            out.println(e.getMessage());
            return false;
        }
    }
}
