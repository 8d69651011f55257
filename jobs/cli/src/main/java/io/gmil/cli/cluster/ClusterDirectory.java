package io.gmil.cli.cluster;

import io.gmil.cli.cluster.ClusterSettings.Application;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a cluster lives: {@code cluster.properties}, the state that outlives its processes ({@code kafka},
 * {@code checkpoints}, {@code savepoints}, {@code ha}), and a directory for each process with its configuration, log and
 * pid file.
 */
final class ClusterDirectory {

    private final Path root;

    ClusterDirectory(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    Path root() {
        return root;
    }

    Path settings() {
        return root.resolve("cluster.properties");
    }

    /** Held by who starts processes. */
    Path lock() {
        return root.resolve(".starting");
    }

    boolean exists() {
        return Files.exists(settings());
    }

    Path broker() {
        return root.resolve("kafka");
    }

    Path checkpoints() {
        return root.resolve("checkpoints");
    }

    Path savepoints() {
        return root.resolve("savepoints");
    }

    /** What a job manager leaves to its successor. */
    Path highAvailability() {
        return root.resolve("ha");
    }

    /** Whether a job manager of its own has brought a job to its end: finished, cancelled or failed. */
    boolean ended(Application run) {
        return Files.exists(highAvailability()
                .resolve("application-result-store")
                .resolve(FlinkConfig.CLUSTER)
                .resolve(run.job() + ".json"));
    }

    Path of(String process) {
        return root.resolve(process);
    }

    Path log(String process) {
        return of(process).resolve(process + ".log");
    }

    /** What the process and its virtual machine print. */
    Path output(String process) {
        return of(process).resolve(process + ".out");
    }

    Path pid(String process) {
        return of(process).resolve(process + ".pid");
    }

    /** Holds {@code config.yaml}. */
    Path configuration(String process) {
        return of(process).resolve("conf");
    }

    /** Emptied at every start. */
    Path work(String process) {
        return of(process).resolve("work");
    }
}
