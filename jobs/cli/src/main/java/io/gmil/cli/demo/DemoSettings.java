package io.gmil.cli.demo;

import io.gmil.cli.publish.StudyNames;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a cohort is run.
 *
 * @param names on every record
 * @param binomial whether the outcome counts successes of several trials
 * @param trials of a binomial outcome; 1 otherwise
 * @param port of the dashboard
 * @param out directory of the results
 * @param kinds predictions written to {@code predictions.csv}
 * @param topK cells of each sample in {@code attention.csv}, 0 for all
 * @param parallelism of the job
 * @param checkpointInterval also how late a committed prediction is seen; empty: by the size of the cohort
 * @param model directory of the saved model to begin with
 * @param keepRunning whether the cluster stays up until Ctrl-C
 * @param seed of everything drawn
 */
public record DemoSettings(
        StudyNames names,
        boolean binomial,
        int trials,
        int port,
        Path out,
        Kinds kinds,
        int topK,
        int parallelism,
        Optional<Duration> checkpointInterval,
        Optional<Path> model,
        boolean keepRunning,
        long seed) {

    /** Which predictions are written. */
    public enum Kinds {
        ARRIVAL,
        FINAL,
        ALL
    }
}
