package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cohort.Sample;
import io.gmil.kafka.GmilProducer;
import io.gmil.kafka.GmilReader;
import io.gmil.kafka.GmilSources;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.LocalBroker;
import io.gmil.kafka.Received;
import io.gmil.kafka.RecordReader;
import io.gmil.kafka.StartingOffsets;
import io.gmil.kafka.Topic;
import io.gmil.kafka.Topics;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The production graph on a real broker and RocksDB, undisturbed and with a task that fails in mid-run. */
class LearnJobITCase {

    private static final int PARALLELISM = 2;
    /** In standard deviations of the prediction itself: what the draws leave of noise at the visits set below. */
    private static final double TOLERANCE = 0.2;

    /** Predictions that a failure is to strike, and how often they are looked for after a portion of records. */
    private static final int AHEAD = 5;

    private static final int POLLS = 20;

    /** Whether the next record of cells fails its task; shared with the task, which runs in this process. */
    private static final AtomicBoolean FAIL_NEXT = new AtomicBoolean();

    @TempDir
    private Path directory;

    @Test
    @Timeout(420)
    void aFailedTaskNeitherLosesNorDoublesAPrediction() throws Exception {
        TestCohort cohort = new TestCohort(300, 20, 10, 3, 7);

        Run calm = run(cohort, directory.resolve("calm"), false);
        Run disturbed = run(cohort, directory.resolve("disturbed"), true);

        assertOneOfEach(cohort, calm);
        assertOneOfEach(cohort, disturbed);
        assertThat(calm.uncommittedDuplicates).isZero();
        // Without this the test would pass even if sinks were not transactional.
        assertThat(disturbed.uncommittedDuplicates).isPositive();
        assertThat(disturbed.labelledBags).isEqualTo(calm.labelledBags).isEqualTo(cohort.labelled());
        for (Sample sample : cohort.samples) {
            Prediction expected = calm.predictions(PredictionKind.FINAL, sample).get(0);
            assertThat(disturbed
                            .predictions(PredictionKind.FINAL, sample)
                            .get(0)
                            .getEtaMean())
                    .isCloseTo(expected.getEtaMean(), within(TOLERANCE * expected.getEtaSd()));
        }
    }

    private static void assertOneOfEach(TestCohort cohort, Run run) {
        for (Sample sample : cohort.samples) {
            assertThat(run.predictions(PredictionKind.ARRIVAL, sample)).hasSize(1);
            assertThat(run.predictions(PredictionKind.FINAL, sample)).hasSize(1);
            assertThat(run.predictions(PredictionKind.FINAL, sample).get(0).getInTraining())
                    .isEqualTo(sample.training());
        }
        assertThat(run.committed).hasSize(2 * cohort.samples.size());
    }

    /** What a run left on the broker. */
    private static final class Run {
        final List<Prediction> committed = new ArrayList<>();
        long uncommittedDuplicates;
        int labelledBags;

        List<Prediction> predictions(PredictionKind kind, Sample sample) {
            return committed.stream()
                    .filter(prediction -> prediction.getKind() == kind
                            && prediction.getSampleId().equals(sample.id()))
                    .toList();
        }
    }

    private static Run run(TestCohort cohort, Path directory, boolean disturb) throws Exception {
        try (LocalBroker broker = LocalBroker.start(directory.resolve("kafka"), 0);
                LocalCluster cluster = LocalCluster.start(0, PARALLELISM, directory.resolve("flink"))) {
            JobConfig config = config(broker, directory);
            KafkaConfig kafka = config.kafkaConfig();
            try (var admin = kafka.admin()) {
                Topics.create(admin);
            }
            Sources sources = Sources.kafka(config);
            Sources failing = new Sources(
                    failing(kafka, config),
                    sources.samples(),
                    sources.labels(),
                    sources.control(),
                    sources.posterior());
            JobClient job = cluster.submit(config, failing, Sinks.kafka(config));
            try (GmilProducer producer = GmilProducer.open(kafka)) {
                int portions = publishUntilAhead(producer, kafka, cohort);
                FAIL_NEXT.set(disturb);
                for (; portions < TestCohort.PORTIONS; portions++) {
                    cohort.publish(producer, portions);
                }
                Run run = new Run();
                run.labelledBags = awaitSettled(kafka, cohort);
                producer.send(TestCohort.scoreAll());
                producer.flush();
                collect(kafka, run, cohort);
                job.cancel().get();
                return run;
            }
        }
    }

    private static JobConfig config(LocalBroker broker, Path directory) {
        return JobConfig.of(Map.of(
                "study",
                TestCohort.STUDY,
                "outcomes",
                TestCohort.OUTCOME + ":binomial:2",
                "parallelism",
                Integer.toString(PARALLELISM),
                "least.visits",
                "40",
                "shards",
                "8",
                "checkpoint.interval",
                "2s",
                "checkpoint.directory",
                directory.resolve("checkpoints").toUri().toString(),
                KafkaConfig.BOOTSTRAP_SERVERS,
                broker.bootstrapServers()));
    }

    /** The source of cells, which throws once when told to. */
    private static org.apache.flink.api.connector.source.Source<BagEvent, ?, ?> failing(
            KafkaConfig kafka, JobConfig config) {
        RecordReader<BagEvent> reader = Sources.reader(EventKind.CELLS, config.shards());
        return GmilSources.source(
                kafka,
                Topic.CELLS,
                "failing",
                StartingOffsets.EARLIEST,
                (topic, partition, offset, timestamp, key, value) -> {
                    if (FAIL_NEXT.compareAndSet(true, false)) {
                        throw new IllegalStateException("planned failure");
                    }
                    return reader.read(topic, partition, offset, timestamp, key, value);
                },
                new AvroTypeInfo<>(BagEvent.class));
    }

    /**
     * Publishes until there are predictions that no checkpoint covers yet: a failure makes the job send these again. Where one has
     * covered all that there are, more are needed.
     *
     * @return portions published
     */
    private static int publishUntilAhead(GmilProducer producer, KafkaConfig kafka, TestCohort cohort) throws Exception {
        Set<Topic> predictions = Set.of(Topic.PREDICTIONS);
        try (GmilReader written = GmilReader.open(kafka, Isolation.UNCOMMITTED, predictions);
                GmilReader committed = GmilReader.open(kafka, Isolation.COMMITTED, predictions)) {
            cohort.publishScaler(producer);
            long ahead = 0;
            for (int portion = 0; portion < TestCohort.PORTIONS - 1; portion++) {
                cohort.publish(producer, portion);
                for (int i = 0; i < POLLS; i++) {
                    ahead += written.poll(Duration.ofMillis(50)).size();
                    ahead -= committed.poll(Duration.ofMillis(50)).size();
                    if (ahead >= AHEAD) {
                        return portion + 1;
                    }
                }
            }
            throw new AssertionError("expected " + AHEAD + " predictions that are not committed, got " + ahead);
        }
    }

    private static int awaitSettled(KafkaConfig kafka, TestCohort cohort) throws Exception {
        try (GmilReader reader = GmilReader.open(kafka, Isolation.UNCOMMITTED, Set.of(Topic.POSTERIOR))) {
            while (true) {
                for (Received received : reader.poll(Duration.ofMillis(200))) {
                    Object body = ((PosteriorMessage) received.value()).getBody();
                    if (body instanceof Posterior posterior
                            && posterior.getSettled()
                            && posterior.getLabelledBags() == cohort.labelled()) {
                        return posterior.getLabelledBags();
                    }
                }
            }
        }
    }

    private static void collect(KafkaConfig kafka, Run run, TestCohort cohort) throws Exception {
        try (GmilReader reader = GmilReader.open(kafka, Isolation.COMMITTED, Set.of(Topic.PREDICTIONS))) {
            long finals = 0;
            while (finals < cohort.samples.size()) {
                for (Received received : reader.poll(Duration.ofMillis(200))) {
                    Prediction prediction = (Prediction) received.value();
                    run.committed.add(prediction);
                    finals += prediction.getKind() == PredictionKind.FINAL ? 1 : 0;
                }
            }
        }
        Map<String, Integer> seen = new HashMap<>();
        try (GmilReader reader = GmilReader.open(kafka, Isolation.UNCOMMITTED, Set.of(Topic.PREDICTIONS))) {
            while (reader.remaining() > 0) {
                for (Received received : reader.poll(Duration.ofMillis(200))) {
                    Prediction prediction = (Prediction) received.value();
                    seen.merge(prediction.getSampleId() + prediction.getKind(), 1, Integer::sum);
                }
            }
        }
        run.uncommittedDuplicates =
                seen.values().stream().mapToLong(count -> count - 1).sum();
    }
}
