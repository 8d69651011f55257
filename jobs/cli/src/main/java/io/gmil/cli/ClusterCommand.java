package io.gmil.cli;

import io.gmil.cli.cluster.ClusterSettings;
import io.gmil.cli.cluster.ClusterTable;
import io.gmil.cli.cluster.ProcessCluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A broker and a Flink cluster on this machine, each process its own. */
@Command(
        name = "cluster",
        description = "Starts, shows and stops Kafka and Flink on this machine as processes of their own.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "start|status|stop",
        subcommands = {ClusterCommand.Start.class, ClusterCommand.Status.class, ClusterCommand.Stop.class})
final class ClusterCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "expected start, status or stop");
    }

    /** Where the cluster is. */
    static final class Place {

        static final String DEFAULT = "gmil-cluster";

        @Option(
                names = "--directory",
                defaultValue = DEFAULT,
                paramLabel = "DIR",
                description = "State, logs and settings of the cluster (default: " + DEFAULT + ").")
        private Path directory;

        /** Also sends the log of this command there. */
        Path directory() {
            System.setProperty(
                    "gmil.log", directory.resolve("gmil.log").toAbsolutePath().toString());
            return directory;
        }
    }

    @Command(
            name = "start",
            description = "Starts one broker, one job manager and N task managers, or those of them that do not run.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Start implements Runnable {

        private static final int REST_PORT = 8081;
        private static final int BROKER_PORT = 9092;

        @Option(
                names = "--taskmanagers",
                paramLabel = "N",
                description =
                        "Processes that work (default: as before, at first 1). More may be added, also while jobs run.")
        private Optional<Integer> taskManagers;

        @Option(names = "--slots", paramLabel = "N", description = "Of each task manager (default: 2).")
        private Optional<Integer> slots;

        @Mixin
        private Place place;

        @Option(
                names = "--port",
                paramLabel = "N",
                description = "Of REST interface and dashboard, 0 for a free one (default: " + REST_PORT + ").")
        private Optional<Integer> port;

        @Option(
                names = "--broker-port",
                paramLabel = "N",
                description = "Of Kafka, 0 for a free one (default: " + BROKER_PORT + ").")
        private Optional<Integer> brokerPort;

        @Option(names = "-D", paramLabel = "KEY=VALUE", description = "Option of Flink's processes; repeatable.")
        private Map<String, String> flink = Map.of();

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            try {
                start(place.directory());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            } catch (IOException e) {
                throw new UsageException("--directory " + place.directory() + ": " + e);
            }
        }

        private void start(Path directory) throws IOException, InterruptedException {
            ProcessCluster cluster =
                    Files.exists(directory.resolve("cluster.properties")) ? existing(directory) : created(directory);
            long began = System.nanoTime();
            List<String> started = cluster.start();
            PrintWriter out = spec.commandLine().getOut();
            out.println(
                    started.isEmpty()
                            ? "everything runs already"
                            : "started %s in %.1f s"
                                    .formatted(String.join(", ", started), (System.nanoTime() - began) / 1e9));
            new ClusterTable(cluster).lines().forEach(out::println);
        }

        private ProcessCluster created(Path directory) throws IOException {
            return ProcessCluster.create(
                    directory,
                    new ClusterSettings(
                            taskManagers.orElse(1),
                            slots.orElse(2),
                            port.orElse(REST_PORT),
                            brokerPort.orElse(BROKER_PORT),
                            flink,
                            Optional.empty(),
                            Optional.empty()));
        }

        private ProcessCluster existing(Path directory) throws IOException {
            ProcessCluster cluster = ProcessCluster.open(directory);
            ClusterSettings settings = cluster.settings();
            requireSame("--port", port, settings.restPort(), directory);
            requireSame("--broker-port", brokerPort, settings.brokerPort(), directory);
            requireSame("--slots", slots, settings.slots(), directory);
            int wanted = taskManagers.orElse(settings.taskManagers());
            if (wanted < settings.taskManagers()) {
                throw new UsageException("--taskmanagers: the cluster in " + directory + " has "
                        + settings.taskManagers() + ", which can only be added to, got " + wanted);
            }
            if (!flink.isEmpty() && !flink.equals(settings.flink())) {
                throw new UsageException(
                        "-D: the cluster in " + directory + " has its options; choose another --directory");
            }
            if (wanted > settings.taskManagers()) {
                cluster.change(settings.withTaskManagers(wanted));
            }
            return cluster;
        }

        private static void requireSame(String option, Optional<Integer> given, int has, Path directory) {
            if (given.isPresent() && given.get() != 0 && given.get() != has) {
                throw new UsageException(option + ": the cluster in " + directory + " has " + has + ", got "
                        + given.get() + "; choose another --directory");
            }
        }
    }

    @Command(
            name = "status",
            description = "Shows processes, slots and jobs.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Status implements Runnable {

        @Mixin
        private Place place;

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            try {
                new ClusterTable(ProcessCluster.open(place.directory()))
                        .lines()
                        .forEach(spec.commandLine().getOut()::println);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (IOException e) {
                throw new UsageException("--directory " + place.directory() + ": " + e);
            }
        }
    }

    @Command(
            name = "stop",
            description = "Ends all processes. Running jobs go on where they were when the cluster is started again.",
            mixinStandardHelpOptions = true,
            sortOptions = false)
    static final class Stop implements Runnable {

        @Mixin
        private Place place;

        @Spec
        private CommandSpec spec;

        @Override
        public void run() {
            try {
                List<String> stopped = ProcessCluster.open(place.directory()).stop();
                spec.commandLine()
                        .getOut()
                        .println(stopped.isEmpty() ? "nothing was running" : "stopped " + String.join(", ", stopped));
            } catch (IOException e) {
                throw new UsageException("--directory " + place.directory() + ": " + e);
            }
        }
    }
}
