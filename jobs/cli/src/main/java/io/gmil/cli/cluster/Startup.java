package io.gmil.cli.cluster;

import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Topics;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;

/** Processes on their way up. Closed before all of them answer, it ends those that it has started. */
final class Startup implements AutoCloseable {

    private static final long MOST_SECONDS = 180;
    private static final long POLL_MILLIS = 100;

    private final ProcessCluster cluster;
    private final FileChannel only;
    private final List<String> started = new ArrayList<>();
    private final List<ClusterProcess> unfinished = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::end, "end what was started");
    private Map<String, String> before = Map.of();

    /** @throws ClusterException when another start is at work on the same cluster */
    Startup(ProcessCluster cluster, ClusterDirectory directory) throws IOException {
        this.cluster = cluster;
        this.only = FileChannel.open(directory.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (!lock()) {
            only.close();
            throw new ClusterException("somebody else is starting the cluster in " + directory.root());
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private boolean lock() throws IOException {
        try {
            return only.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // Held by this process.
        }
    }

    /** Starts those that do not run, also those that end meanwhile, and returns when all of them answer. */
    void run(List<ClusterProcess> processes) throws IOException, InterruptedException {
        // A dead task manager may still be listed; the new one has another address.
        before = cluster.rest().taskManagers();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        startMissing(processes);
        for (ClusterProcess process : processes) {
            while (!answers(process)) {
                // A killed process counts as alive until the system has taken all of it back.
                startMissing(processes);
                if (System.nanoTime() > deadline) {
                    throw new ClusterException("%s does not answer after %d s; see %s"
                            .formatted(process.name(), MOST_SECONDS, process.log()));
                }
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            }
        }
        unfinished.clear();
    }

    /** Names of the processes that were started. */
    List<String> started() {
        return List.copyOf(started);
    }

    private void startMissing(List<ClusterProcess> processes) throws IOException {
        for (ClusterProcess process : processes) {
            if (process.alive()) {
                continue;
            }
            if (started.contains(process.name())) {
                throw process.ended();
            }
            cluster.prepare(process.name());
            started.add(process.name());
            unfinished.add(process);
            process.start(cluster.settings());
        }
    }

    private boolean answers(ClusterProcess process) throws InterruptedException {
        String name = process.name();
        if (name.equals(ProcessCluster.broker())) {
            return topicsExist();
        }
        if (name.equals(ProcessCluster.jobManager())) {
            return cluster.rest().slots().isPresent();
        }
        String address = cluster.rest().taskManagers().get(name);
        return address != null && (!started.contains(name) || !address.equals(before.get(name)));
    }

    private boolean topicsExist() {
        KafkaConfig kafka = new KafkaConfig(
                cluster.bootstrapServers(),
                Map.of(
                        AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, "2000",
                        AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, "2000"),
                "gmil",
                Duration.ofHours(4));
        try (Admin admin = kafka.admin()) {
            Topics.create(admin);
            return true;
        } catch (KafkaException e) {
            return false; // Not up yet.
        }
    }

    private void end() {
        unfinished.forEach(ClusterProcess::kill);
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            return; // The JVM is ending, and the hook at work.
        }
        try (only) {
            for (ClusterProcess process : unfinished) {
                process.kill();
                process.awaitEnd(0);
            }
        }
    }
}
