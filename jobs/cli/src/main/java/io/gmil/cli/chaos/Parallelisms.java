package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ClusterSettings;
import io.gmil.cli.cluster.ProcessCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The same cohort, all at once, at several parallelisms, and once more with a task manager killed again and again. */
final class Parallelisms {

    /** Settings of a user who sets none, but for those of every run. */
    private static final Map<String, String> BY_DEFAULT = Map.of();

    private static final int SLOTS = 2;

    /** Until the virtual machines have compiled what a job at rest does. */
    private static final Duration WARM = Duration.ofMinutes(4);

    private static final Duration STOPPED = Duration.ofSeconds(15);
    private static final Duration WINDOW = Duration.ofSeconds(60);

    /** Of one core, by which a job at rest may cost more than no job. */
    private static final double MOST_AT_REST = 0.02;

    private final Path directory;
    private final Feed feed;
    private final long seed;
    private final ChaosTable table;

    /** @param feed of one portion */
    Parallelisms(Path directory, Feed feed, long seed, ChaosTable table) {
        this.directory = directory;
        this.feed = feed;
        this.seed = seed;
        this.table = table;
    }

    /** Each is compared with the first. */
    void compare(List<Integer> parallelisms) throws Exception {
        table.head("the same cohort from the beginning");
        Trial first = null;
        for (int parallelism : parallelisms) {
            Trial trial = trial("parallelism-" + parallelism, parallelism, Fault.NONE);
            first = first == null ? trial : first;
            table.line("parallelism " + parallelism, trial, first);
        }
        Trial killed = trial("killed", SLOTS, Fault.KILL_AT_RANDOM);
        table.line("parallelism " + SLOTS + ", " + Fault.KILL_AT_RANDOM.description(0), killed, first);
    }

    private Trial trial(String name, int parallelism, Fault fault) throws Exception {
        Path place = directory.resolve(name);
        ProcessCluster cluster = ProcessCluster.create(place, ClusterSettings.of(taskManagers(parallelism), 0, 0));
        try {
            cluster.start();
            Faults faults = new Faults(Optional.empty(), 0, seed);
            try (ChaosRun run = new ChaosRun(cluster, feed, place, cluster.bootstrapServers(), parallelism)) {
                return run.portion(0, fault, faults::strike);
            }
        } finally {
            cluster.stop();
        }
    }

    private static int taskManagers(int parallelism) {
        return Math.max(2, (parallelism + SLOTS - 1) / SLOTS);
    }

    /** What a job costs that has learnt everything, beside the same processes after it was stopped. */
    void quiet() throws Exception {
        Path place = directory.resolve("quiet");
        ProcessCluster cluster = ProcessCluster.create(place, ClusterSettings.of(2, 0, 0));
        try {
            cluster.start();
            try (ChaosRun run = new ChaosRun(cluster, feed, place, cluster.bootstrapServers(), SLOTS, BY_DEFAULT)) {
                run.portion(0, Fault.NONE, Faults::shadow);
                ProcessorTime.overNext(WARM, cluster);
                double with = ProcessorTime.overNext(WINDOW, cluster);
                run.job().stop();
                ProcessorTime.overNext(STOPPED, cluster);
                double without = ProcessorTime.overNext(WINDOW, cluster);
                table.line(
                        String.format(
                                Locale.ROOT,
                                "%na job at rest: %.1f %% of a core; %.1f %% after it was stopped",
                                100 * with,
                                100 * without),
                        with - without <= MOST_AT_REST);
            }
        } finally {
            cluster.stop();
        }
    }
}
