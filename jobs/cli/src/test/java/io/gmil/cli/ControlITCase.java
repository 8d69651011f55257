package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gmil.cli.chaos.SavepointSums;
import io.gmil.cli.publish.KafkaOutlet;
import io.gmil.cli.publish.Publisher;
import io.gmil.cli.publish.Publisher.Limits;
import io.gmil.cli.publish.StudyNames;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.Cohorts;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.LocalBroker;
import io.gmil.kafka.Topics;
import io.gmil.stream.JobConfig;
import io.gmil.stream.LocalCluster;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What an operator asks of a job that runs, and learns of it, by commands alone. */
class ControlITCase {

    private static final int TRAINING = 30;
    private static final StudyNames NAMES = new StudyNames("it", "label", "cells", "3");

    @TempDir
    private Path directory;

    private String servers;

    @Test
    @Timeout(240)
    void anOperatorPinsAuditsAndErases() throws Exception {
        Path file = directory.resolve("sim.csv.gz");
        run("simulate --bags " + TRAINING + " --test-bags 5 --cells 11 --dim 4 --out " + file);
        try (LocalBroker broker = LocalBroker.start(directory.resolve("kafka"), 0);
                LocalCluster cluster = LocalCluster.start(0, 2, directory.resolve("flink"))) {
            servers = broker.bootstrapServers();
            JobConfig config = config();
            try (var admin = config.kafkaConfig().admin()) {
                Topics.create(admin);
            }
            JobClient job = cluster.submit(config);
            publish(file);

            // A posterior that rests is kept by itself.
            await().atMost(Duration.ofMinutes(2))
                    .until(() -> !versionsOf(TRAINING).isEmpty());
            String rested = versionsOf(TRAINING).get(0);

            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Run.of(audit("test_00000")).code() == 0);
            assertThat(run(audit("test_00000")))
                    .contains("prediction   ARRIVAL of test_00000", "embedding    cells version 3");

            run(control("pin --outcome label " + rested.substring(0, rested.indexOf(' '))));
            run(control("score-all --top-k 1"));
            Path trainedOn = directory.resolve("trained-on.csv");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> run(audit("train_00003")).contains("prediction   FINAL of train_00003"));
            assertThat(run(audit("train_00003") + " --trained-on " + trainedOn))
                    .contains(
                            "its own label in training",
                            "trained on   " + TRAINING + " labelled bags",
                            "since the prior");
            assertThat(Files.readAllLines(trainedOn))
                    .hasSize(1 + TRAINING)
                    .contains("sample_id,bag_revision,label_revision", "train_00003,0,0");

            assertThat(run(control("erase train_00003")))
                    .contains("erased 1 samples, 1 labels, 1 sites; PENDING: copies in older checkpoints");
            run(control("snapshot"));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> !versionsOf(TRAINING - 1).isEmpty());
            String savepoint = job.stopWithSavepoint(
                            false, directory.resolve("savepoints").toUri().toString(), SavepointFormatType.CANONICAL)
                    .get();

            assertThat(SavepointSums.read(savepoint, config)).singleElement().satisfies(sums -> {
                assertThat(sums.sites()).isEqualTo(TRAINING - 1);
                assertThat(sums.exact()).as(sums.toString()).isTrue();
            });
            assertThat(holds(savepoint, "train_00004")).isTrue();
            assertThat(holds(savepoint, "train_00003")).isFalse();

            Run.of(audit("nobody"))
                    .assertRefused("sample: expected one that was predicted in study 'it', got 'nobody'");
            Run.of(control("pin 0.77")).assertRefused("version: expected one of [label ", "got '0.77'");
        }
    }

    /** Whether a text stands anywhere in the files of a savepoint. */
    private static boolean holds(String savepoint, String text) throws Exception {
        try (Stream<Path> files = Files.walk(Path.of(URI.create(savepoint)))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Lines of the versions that rest on so many labelled bags. */
    private List<String> versionsOf(int labelledBags) {
        return run(control("versions"))
                .lines()
                .filter(line -> line.matches(".* label .* " + labelledBags + " .*"))
                .toList();
    }

    private String control(String command) {
        return "control " + command + place();
    }

    private String audit(String sample) {
        return "audit " + sample + place();
    }

    private String place() {
        return " --bootstrap-servers " + servers + " --study " + NAMES.study();
    }

    private static String run(String words) {
        Run run = Run.of(words);
        assertThat(run.code()).as(run.err()).isZero();
        return run.out();
    }

    private JobConfig config() {
        return JobConfig.of(Map.of(
                "study",
                NAMES.study(),
                "outcomes",
                NAMES.outcome() + ":binomial:2",
                "parallelism",
                "2",
                "checkpoint.interval",
                "1s",
                "checkpoint.directory",
                directory.resolve("checkpoints").toUri().toString(),
                KafkaConfig.BOOTSTRAP_SERVERS,
                servers));
    }

    private void publish(Path file) throws Exception {
        CohortArguments arguments = new CohortArguments();
        new CommandLine(arguments)
                .parseArgs(Arrays.asList(
                                "--cohort",
                                file.toString(),
                                "--likelihood",
                                "BINOMIAL",
                                "--trials",
                                "2",
                                "--split",
                                "split",
                                "--train",
                                "train")
                        .toArray(String[]::new));
        try (Cohort cohort = Cohorts.open(arguments.required(0));
                KafkaOutlet outlet = KafkaOutlet.open(servers)) {
            new Publisher(cohort, NAMES, outlet, InstantSource.system(), Limits.DEFAULT, 5).run(Optional.empty());
        }
    }
}
