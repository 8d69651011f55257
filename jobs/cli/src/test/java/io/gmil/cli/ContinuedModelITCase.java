package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cli.publish.KafkaOutlet;
import io.gmil.cli.publish.Publisher;
import io.gmil.cli.publish.Publisher.Limits;
import io.gmil.cli.publish.StudyNames;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.Cohorts;
import io.gmil.cohort.Sample;
import io.gmil.kafka.GmilReader;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.LocalBroker;
import io.gmil.kafka.Received;
import io.gmil.kafka.Topic;
import io.gmil.kafka.Topics;
import io.gmil.schema.Audit;
import io.gmil.schema.Label;
import io.gmil.schema.LabelledSample;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.JobConfig;
import io.gmil.stream.LocalCluster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A model fitted offline that a job on a real broker goes on learning from. */
class ContinuedModelITCase {

    private static final int LEARNT = 40;
    private static final int OTHERS = 20;
    private static final StudyNames NAMES = new StudyNames("it", "label", "cells", "3");

    @TempDir
    private Path directory;

    @Test
    @Timeout(240)
    void theJobPredictsAsTheModelAndLearnsOnlyWhatIsNew() throws Exception {
        Path file = directory.resolve("sim.csv.gz");
        Path model = directory.resolve("model");
        Path predictions = directory.resolve("p.csv");
        run("simulate --bags", LEARNT, "--test-bags", OTHERS, "--cells 11 --dim 4 --ragged --out", file);
        run("fit --cohort", file, "--likelihood binomial --trials 2 --split split --train train --model", model);
        run("predict --cohort", file, "--model", model, "--out", predictions);
        try (LocalBroker broker = LocalBroker.start(directory.resolve("kafka"), 0);
                LocalCluster cluster = LocalCluster.start(0, 2, directory.resolve("flink"))) {
            JobConfig config = config(broker, model);
            try (var admin = config.kafkaConfig().admin()) {
                Topics.create(admin);
            }
            JobClient job = cluster.submit(config);
            try (KafkaOutlet outlet = KafkaOutlet.open(broker.bootstrapServers())) {
                publishCells(file, outlet);
                assertSame(Files.readAllLines(predictions), arrivals(config.kafkaConfig()));
                sendLabels(file, outlet);
                assertLearntOnce(config.kafkaConfig());
            }
            job.cancel().get();
        }
    }

    private static void run(Object... words) {
        Run run = Run.of(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
        assertThat(run.code()).as(run.err()).isZero();
    }

    private JobConfig config(LocalBroker broker, Path model) {
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
                "initial-model",
                model.toUri().toString(),
                "initial-model.embedding",
                NAMES.embedding(),
                "initial-model.embedding-version",
                NAMES.embeddingVersion(),
                KafkaConfig.BOOTSTRAP_SERVERS,
                broker.bootstrapServers()));
    }

    private static CohortOptions options(Path file) {
        CohortArguments arguments = new CohortArguments();
        new CommandLine(arguments).parseArgs("--cohort", file.toString(), "--likelihood", "BINOMIAL", "--trials", "2");
        return arguments.required(0);
    }

    private static void publishCells(Path file, KafkaOutlet outlet) throws Exception {
        try (Cohort cells = Cohorts.open(options(file).forPrediction("X", List.of(), Map.of(), Optional.empty()))) {
            new Publisher(cells, NAMES, outlet, InstantSource.system(), Limits.DEFAULT, 5).run(Optional.empty());
        }
    }

    private static void sendLabels(Path file, KafkaOutlet outlet) throws Exception {
        try (Cohort labelled = Cohorts.open(options(file))) {
            for (Sample sample : labelled.samples()) {
                outlet.label(Label.newBuilder()
                        .setStudy(NAMES.study())
                        .setSampleId(sample.id())
                        .setPatientId(sample.patientId())
                        .setOutcome(NAMES.outcome())
                        .setValue(sample.label().orElseThrow())
                        .setLabelledAt(Instant.EPOCH)
                        .build());
            }
            outlet.flush();
        }
    }

    private static Map<String, Prediction> arrivals(KafkaConfig kafka) throws Exception {
        Map<String, Prediction> arrivals = new HashMap<>();
        try (GmilReader reader = GmilReader.open(kafka, Isolation.COMMITTED, Set.of(Topic.PREDICTIONS))) {
            while (arrivals.size() < LEARNT + OTHERS) {
                for (Received received : reader.poll(Duration.ofMillis(200))) {
                    Prediction prediction = (Prediction) received.value();
                    assertThat(prediction.getKind()).isEqualTo(PredictionKind.ARRIVAL);
                    assertThat(arrivals.put(prediction.getSampleId(), prediction))
                            .isNull();
                }
            }
        }
        return arrivals;
    }

    /** Columns: sample, outcome, kind, eta mean and sd, effect, probability, bounds, version, labelled bags, training, status. */
    private static void assertSame(List<String> predicted, Map<String, Prediction> arrivals) {
        assertThat(predicted).hasSize(1 + LEARNT + OTHERS);
        for (String line : predicted.subList(1, predicted.size())) {
            String[] expected = line.split(",", -1);
            Prediction arrival = arrivals.get(expected[0]);
            double[] got = {
                arrival.getEtaMean(),
                arrival.getEtaSd(),
                arrival.getRandomEffect(),
                arrival.getProbability(),
                arrival.getLower(),
                arrival.getUpper()
            };
            for (int i = 0; i < got.length; i++) {
                assertThat(got[i]).as(line).isCloseTo(Double.parseDouble(expected[3 + i]), within(1e-9));
            }
            assertThat(Integer.toString(arrival.getLabelledBags())).isEqualTo(expected[10]);
            assertThat(Boolean.toString(arrival.getInTraining())).as(line).isEqualTo(expected[11]);
            assertThat(arrival.getStatus()).hasToString(expected[12]);
        }
    }

    private static void assertLearntOnce(KafkaConfig kafka) throws Exception {
        Set<String> added = new TreeSet<>();
        Set<String> alreadyLearnt = new TreeSet<>();
        int labelledBags = 0;
        try (GmilReader reader =
                GmilReader.open(kafka, Isolation.COMMITTED, Set.of(Topic.POSTERIOR, Topic.AUDIT, Topic.DEAD_LETTERS))) {
            while (alreadyLearnt.size() < LEARNT || added.size() < OTHERS || labelledBags < LEARNT + OTHERS) {
                for (Received received : reader.poll(Duration.ofMillis(200))) {
                    assertThat(received.topic()).isNotEqualTo(Topic.DEAD_LETTERS);
                    if (received.value() instanceof Audit audit) {
                        audit.getAdded().stream()
                                .map(LabelledSample::getSampleId)
                                .forEach(added::add);
                        audit.getAlreadyLearnt().stream()
                                .map(LabelledSample::getSampleId)
                                .forEach(alreadyLearnt::add);
                        assertThat(audit.getOrigin().getLabelledBags()).isEqualTo(LEARNT);
                    } else if (((PosteriorMessage) received.value()).getBody() instanceof Posterior posterior) {
                        labelledBags = posterior.getLabelledBags();
                        assertThat(labelledBags).isBetween(LEARNT, LEARNT + OTHERS);
                        assertThat(posterior.getOrigin().getPosteriorSha256()).hasSize(64);
                    }
                }
            }
        }
        assertThat(added).hasSize(OTHERS).allMatch(sample -> sample.startsWith("test_"));
        assertThat(alreadyLearnt).hasSize(LEARNT).allMatch(sample -> sample.startsWith("train_"));
    }
}
