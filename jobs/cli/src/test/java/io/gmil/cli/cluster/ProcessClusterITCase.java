package io.gmil.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.ListedCohort;
import io.gmil.cli.UsageException;
import io.gmil.cli.offline.FitOptions;
import io.gmil.cli.offline.ModelDirectory;
import io.gmil.cli.offline.OfflineFit;
import io.gmil.cli.publish.KafkaOutlet;
import io.gmil.cli.publish.Publisher;
import io.gmil.cli.publish.Publisher.Limits;
import io.gmil.cli.publish.StudyNames;
import io.gmil.cohort.CohortOptions;
import io.gmil.kafka.GmilReader;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Received;
import io.gmil.kafka.Topic;
import io.gmil.model.FitProgress;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed for real. */
class ProcessClusterITCase {

    private static final StudyNames NAMES = new StudyNames("it", "label", "X", "1");
    private static final String TASK_MANAGER = ProcessCluster.taskManager(1);
    private static final int SAMPLES = 12;
    private static final long RUNNING_SECONDS = 120;

    /** Stays where a test fails: the logs are in it. */
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path directory;

    private ProcessCluster cluster;

    @AfterEach
    void stop() throws IOException {
        if (cluster != null) {
            cluster.stop();
        }
    }

    @Test
    @Timeout(400)
    void predictsEverySampleOnceWhateverIsKilled() throws Exception {
        cluster = ProcessCluster.create(directory.resolve("cluster"), ClusterSettings.of(1, 0, 0));
        assertThat(cluster.start()).containsExactly("broker", "jobmanager", "taskmanager-1");
        assertThat(cluster.start()).isEmpty();
        ClusterJobs jobs = new ClusterJobs(cluster);
        String job = jobs.submit(job(), Optional.empty());
        jobs.awaitRunning(job, RUNNING_SECONDS);
        try (GmilReader reader = GmilReader.open(
                KafkaConfig.at(cluster.bootstrapServers()), Isolation.COMMITTED, Set.of(Topic.PREDICTIONS))) {
            List<String> predicted = new ArrayList<>();
            publish("a");
            awaitPredictions(reader, predicted, SAMPLES);

            cluster.kill(TASK_MANAGER);
            publish("b");
            assertThat(cluster.died(TASK_MANAGER)).isTrue();
            cluster.start(TASK_MANAGER);
            awaitPredictions(reader, predicted, 2 * SAMPLES);

            cluster.restart(ProcessCluster.jobManager());
            jobs.awaitRunning(job, RUNNING_SECONDS);
            publish("c");
            awaitPredictions(reader, predicted, 3 * SAMPLES);

            String savepoint = jobs.stop(job, cluster.savepoints());
            assertThat(Path.of(URI.create(savepoint)).resolve("_metadata")).exists();
            // Stopping has committed what there was.
            while (reader.remaining() > 0) {
                read(reader, predicted);
            }
            assertThat(predicted).hasSize(3 * SAMPLES).doesNotHaveDuplicates();
            jobs.awaitRunning(jobs.submitScoring(job(), Optional.empty()), RUNNING_SECONDS);
        }
        assertThat(cluster.stop()).hasSize(3);
        assertThat(cluster.names()).allMatch(name -> cluster.pid(name).isEmpty());
    }

    @Test
    @Timeout(300)
    void anApplicationHasAJobManagerOfItsOwn() throws Exception {
        cluster = ProcessCluster.create(directory.resolve("cluster"), ClusterSettings.of(1, 0, 0));
        cluster.start();
        ClusterJobs jobs = new ClusterJobs(cluster);
        Path model = model();
        String job =
                jobs.runAsApplication(job("initial-model = " + model, "initial-model.embedding = X"), Optional.empty());
        jobs.awaitRunning(job, RUNNING_SECONDS);
        try (GmilReader reader = GmilReader.open(
                KafkaConfig.at(cluster.bootstrapServers()), Isolation.COMMITTED, Set.of(Topic.PREDICTIONS))) {
            List<String> predicted = new ArrayList<>();
            publish("a");
            awaitPredictions(reader, predicted, SAMPLES);

            // The same job again, and not a new one that begins at the beginning; it has a copy of its model.
            Files.delete(model.resolve("model.json"));
            cluster.restart(ProcessCluster.jobManager());
            jobs.awaitRunning(job, RUNNING_SECONDS);
            publish("b");
            awaitPredictions(reader, predicted, 2 * SAMPLES);

            assertThatThrownBy(() -> jobs.submit(job(), Optional.empty()))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("the job manager belongs to job " + job);
            String savepoint = jobs.stop(job, cluster.savepoints());
            assertThat(Path.of(URI.create(savepoint)).resolve("_metadata")).exists();
            while (reader.remaining() > 0) {
                read(reader, predicted);
            }
            assertThat(predicted).hasSize(2 * SAMPLES).doesNotHaveDuplicates();
        }
        assertThat(cluster.settings().application()).isEmpty();
        try (Stream<Path> kept = Files.walk(directory.resolve("cluster/ha"))) {
            assertThat(kept.map(Path::toString)).noneMatch(file -> file.endsWith("_DIRTY.json"));
        }
        assertThat(cluster.rest().jobs()).allMatch(ClusterRest.Job::ended);
    }

    @Test
    @Timeout(60)
    void leavesNothingBehindWhenItCannotStart() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
            cluster =
                    ProcessCluster.create(directory.resolve("cluster"), ClusterSettings.of(1, taken.getLocalPort(), 0));
            assertThatThrownBy(cluster::start)
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("port " + taken.getLocalPort() + " of the dashboard is taken");
            assertThat(cluster.names()).allMatch(name -> cluster.pid(name).isEmpty() && !cluster.died(name));
        }
    }

    @Test
    void onlyOneMayStartAClusterAtATime() throws Exception {
        Path place = directory.resolve("cluster");
        ProcessCluster idle = ProcessCluster.create(place, ClusterSettings.of(1, 0, 0));
        try (Startup other = new Startup(idle, new ClusterDirectory(place))) {
            assertThatThrownBy(idle::start)
                    .isInstanceOf(ClusterException.class)
                    .hasMessage("somebody else is starting the cluster in " + place);
            assertThat(other.started()).isEmpty();
        }
        assertThat(idle.names()).allMatch(name -> idle.pid(name).isEmpty());
    }

    private JobFile job(String... more) throws IOException {
        Path file = directory.resolve("job.properties");
        List<String> lines = new ArrayList<>(List.of(
                "study = " + NAMES.study(),
                "outcomes = " + NAMES.outcome() + ":bernoulli",
                "scaler.bags = 3",
                "checkpoint.interval = 0.5s"));
        lines.addAll(List.of(more));
        Files.write(file, lines);
        return JobFile.read(file);
    }

    /** Fitted to a cohort like those that are published. */
    private Path model() throws IOException {
        Path model = directory.resolve("model");
        CohortOptions options = CohortOptions.of(Path.of("listed.csv")).build();
        new ModelDirectory(model)
                .write(OfflineFit.read(cohort("m"), options, FitOptions.passes(3, 3))
                        .fit(Instant.EPOCH, FitProgress.SILENT));
        return model;
    }

    private static ListedCohort cohort(String prefix) {
        ListedCohort cohort = new ListedCohort(3, 5, false);
        for (int sample = 0; sample < SAMPLES; sample++) {
            cohort.add(prefix + sample, 10, OptionalDouble.of(sample % 2), true);
        }
        return cohort;
    }

    private void publish(String prefix) throws IOException {
        try (KafkaOutlet outlet = KafkaOutlet.open(cluster.bootstrapServers())) {
            new Publisher(cohort(prefix), NAMES, outlet, InstantSource.system(), Limits.DEFAULT, 7)
                    .run(Optional.empty());
        }
    }

    /** Reads until so many samples have been predicted on arrival; the test's timeout ends what does not come. */
    private static void awaitPredictions(GmilReader reader, List<String> predicted, int expected) throws Exception {
        while (new TreeSet<>(predicted).size() < expected) {
            read(reader, predicted);
        }
    }

    private static void read(GmilReader reader, List<String> predicted) throws Exception {
        for (Received received : reader.poll(Duration.ofMillis(200))) {
            Prediction prediction = (Prediction) received.value();
            if (prediction.getKind() == PredictionKind.ARRIVAL) {
                predicted.add(prediction.getSampleId());
            }
        }
    }
}
