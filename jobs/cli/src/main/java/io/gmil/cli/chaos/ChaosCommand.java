package io.gmil.cli.chaos;

import io.gmil.cli.UsageException;
import io.gmil.cli.cluster.ClusterSettings;
import io.gmil.cli.cluster.ProcessCluster;
import io.gmil.kafka.ProxiedListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes things go wrong on a cluster of processes, and checks that nothing is lost and nothing comes twice. */
@Command(
        name = "chaos",
        description = "Kills, cuts and poisons a cluster of its own while a cohort streams in, and checks that no "
                + "prediction is lost or doubled, that the sums are exact, and that the model is the same.",
        mixinStandardHelpOptions = true,
        abbreviateSynopsis = true,
        sortOptions = false)
public final class ChaosCommand implements Callable<Integer> {

    /** Metrics are half a second old at most, as it matters to them who wait for a moment to strike. */
    private static final ClusterSettings CLUSTER = new ClusterSettings(
            2, 2, 0, 0, Map.of("metrics.fetcher.update-interval", "500ms"), Optional.empty(), Optional.empty());

    private static final int PARALLELISM = 2;
    private static final String HOST = "127.0.0.1:";

    @Option(
            names = "--faults",
            split = ",",
            paramLabel = "NAME",
            description = "Only these, in this order: ${COMPLETION-CANDIDATES} (default: all).")
    private List<Fault> faults;

    @Option(
            names = "--parallelisms",
            split = ",",
            paramLabel = "N",
            description =
                    "Instead of faults: the whole cohort from the beginning at each of these and under kills, and "
                            + "what a job at rest costs.")
    private List<Integer> parallelisms = List.of();

    @Option(
            names = "--samples",
            defaultValue = "40",
            paramLabel = "N",
            description = "Labelled samples that come with each fault (default: 40).")
    private int samples;

    @Option(
            names = "--test-samples",
            defaultValue = "200",
            paramLabel = "N",
            description = "By which the model is judged (default: 200).")
    private int testSamples;

    @Option(
            names = "--cut-seconds",
            defaultValue = "30",
            paramLabel = "N",
            description = "How long the network is away (default: 30).")
    private int cutSeconds;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Of cohort and faults (default: 42).")
    private long seed;

    @Option(
            names = "--directory",
            defaultValue = "gmil-chaos",
            paramLabel = "DIR",
            description = "New; for the clusters, with their logs (default: gmil-chaos).")
    private Path directory;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (samples < 2 || testSamples < 2) {
            throw new UsageException(
                    "--samples, --test-samples: expected at least 2, got " + samples + " and " + testSamples);
        }
        if (cutSeconds < 1) {
            throw new UsageException("--cut-seconds: expected at least 1, got " + cutSeconds);
        }
        if (Files.exists(directory)) {
            throw new UsageException("--directory " + directory + ": expected a new one, but it exists");
        }
        Files.createDirectories(directory);
        System.setProperty(
                "gmil.log", directory.resolve("gmil.log").toAbsolutePath().toString());
        ChaosTable table = new ChaosTable(spec.commandLine().getOut());
        List<Fault> chosen = chosen();
        if (!chosen.isEmpty()) {
            strike(chosen, table);
        }
        if (!parallelisms.isEmpty()) {
            Feed feed = new Feed(1, samples * Fault.values().length, testSamples, seed);
            Parallelisms comparison = new Parallelisms(directory, feed, seed, table);
            comparison.compare(parallelisms);
            comparison.quiet();
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                table.sound()
                        ? "nothing lost, nothing doubled, sums exact, rho within " + Trial.RHO_TOLERANCE
                                + " of the run it is compared with"
                        : "NOT as it should be: see the lines marked with !");
        out.flush();
        return table.sound() ? 0 : 1;
    }

    /** All, unless something else is asked for. */
    private List<Fault> chosen() {
        if (faults != null) {
            return faults;
        }
        return !parallelisms.isEmpty()
                ? List.of()
                : Arrays.stream(Fault.values())
                        .filter(fault -> fault != Fault.NONE)
                        .toList();
    }

    private void strike(List<Fault> chosen, ChaosTable table) throws Exception {
        List<Fault> schedule = new ArrayList<>(List.of(Fault.NONE));
        schedule.addAll(chosen);
        Feed feed = new Feed(schedule.size(), samples, testSamples, seed);
        PrintWriter out = spec.commandLine().getOut();
        out.println("the same cohort where nothing goes wrong ...");
        out.flush();
        List<Trial> undisturbed = undisturbed(feed, schedule);
        undisturbed.forEach(table::notes);
        table.head("fault");
        disturbed(feed, schedule, undisturbed, table);
    }

    private List<Trial> undisturbed(Feed feed, List<Fault> schedule) throws Exception {
        List<Trial> trials = new ArrayList<>();
        ProcessCluster cluster = ProcessCluster.create(directory.resolve("undisturbed"), CLUSTER);
        try {
            cluster.start();
            try (ChaosRun run = new ChaosRun(
                    cluster, feed, directory.resolve("undisturbed"), cluster.bootstrapServers(), PARALLELISM)) {
                for (int portion = 0; portion < schedule.size(); portion++) {
                    trials.add(run.portion(portion, schedule.get(portion), Faults::shadow));
                }
            }
        } finally {
            cluster.stop();
        }
        return trials;
    }

    private void disturbed(Feed feed, List<Fault> schedule, List<Trial> undisturbed, ChaosTable table)
            throws Exception {
        ProxiedListener proxied = new ProxiedListener(freePort(), freePort());
        ProcessCluster cluster = ProcessCluster.create(directory.resolve("disturbed"), CLUSTER.withProxied(proxied));
        try (TcpProxy proxy = TcpProxy.start(proxied.proxyPort(), proxied.port())) {
            cluster.start();
            Faults striking = new Faults(Optional.of(proxy), cutSeconds, seed);
            try (ChaosRun run = new ChaosRun(
                    cluster, feed, directory.resolve("disturbed"), HOST + proxied.proxyPort(), PARALLELISM)) {
                for (int portion = 0; portion < schedule.size(); portion++) {
                    Trial trial = run.portion(portion, schedule.get(portion), striking::strike);
                    table.line(trial.fault().description(cutSeconds), trial, undisturbed.get(portion));
                }
            }
        } finally {
            cluster.stop();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
