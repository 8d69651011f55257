package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.kafka.AvroWire;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A score-only job on a real broker, started when the learning job has gone. */
class ScoreJobITCase {

    private static final int PARALLELISM = 2;

    /** Whether the next record of cells fails its task; shared with the task, which runs in this process. */
    private static final AtomicBoolean FAIL_NEXT = new AtomicBoolean();

    @TempDir
    private Path directory;

    @Test
    @Timeout(240)
    void startedColdItPredictsAsTheAbsentTrainerDidAndSurvivesAFailure() throws Exception {
        TestCohort cohort = new TestCohort(60, 10, 10, 3, 7);
        try (LocalBroker broker = LocalBroker.start(directory.resolve("kafka"), 0);
                LocalCluster cluster = LocalCluster.start(0, PARALLELISM, directory.resolve("flink"))) {
            JobConfig config = config(broker);
            KafkaConfig kafka = config.kafkaConfig();
            try (var admin = kafka.admin()) {
                Topics.create(admin);
                Topics.createScored(admin, config.scoring().topics());
            }
            try (GmilProducer producer = GmilProducer.open(kafka)) {
                Map<String, Prediction> expected = train(cluster, config, cohort, producer);

                JobClient scoring = cluster.submitScoring(config, failing(config), ScoreSinks.kafka(config));
                try (KafkaConsumer<byte[], byte[]> consumer = consumer(config)) {
                    List<Prediction> predictions = read(consumer, expected.size());
                    assertThat(predictions).extracting(Prediction::getSampleId).doesNotHaveDuplicates();
                    assertThat(predictions).allSatisfy(prediction -> assertThat(figures(prediction))
                            .isEqualTo(figures(expected.get(prediction.getSampleId()))));

                    FAIL_NEXT.set(true);
                    TestBag late = TestBag.of("late");
                    publish(producer, late);
                    assertThat(read(consumer, 1))
                            .singleElement()
                            .satisfies(prediction ->
                                    assertThat(prediction.getSampleId()).isEqualTo(late.sample()))
                            .satisfies(prediction -> assertThat(prediction.getPosteriorVersion())
                                    .isEqualTo(predictions.get(0).getPosteriorVersion()));
                    assertThat(FAIL_NEXT).isFalse();
                }
                scoring.cancel().get();
            }
        }
    }

    /** Learns until the posterior rests, and is gone then; its last predictions by sample. */
    private static Map<String, Prediction> train(
            LocalCluster cluster, JobConfig config, TestCohort cohort, GmilProducer producer) throws Exception {
        JobClient job = cluster.submit(config);
        cohort.publish(producer);
        awaitSettled(config.kafkaConfig(), cohort);
        producer.send(TestCohort.scoreAll());
        producer.flush();
        Map<String, Prediction> last = new HashMap<>();
        try (GmilReader reader =
                GmilReader.open(config.kafkaConfig(), Isolation.COMMITTED, Set.of(Topic.PREDICTIONS))) {
            while (last.size() < cohort.samples.size()) {
                for (Received received : reader.poll(Duration.ofMillis(200))) {
                    Prediction prediction = (Prediction) received.value();
                    if (prediction.getKind() == PredictionKind.FINAL) {
                        last.put(prediction.getSampleId(), prediction);
                    }
                }
            }
        }
        job.cancel().get();
        return last;
    }

    private static void awaitSettled(KafkaConfig kafka, TestCohort cohort) throws Exception {
        try (GmilReader reader = GmilReader.open(kafka, Isolation.UNCOMMITTED, Set.of(Topic.POSTERIOR))) {
            while (true) {
                for (Received received : reader.poll(Duration.ofMillis(200))) {
                    if (((PosteriorMessage) received.value()).getBody() instanceof Posterior posterior
                            && posterior.getSettled()
                            && posterior.getLabelledBags() == cohort.labelled()) {
                        return;
                    }
                }
            }
        }
    }

    private static List<Object> figures(Prediction prediction) {
        return List.of(
                prediction.getPosteriorGeneration(),
                prediction.getPosteriorVersion(),
                prediction.getEtaMean(),
                prediction.getEtaSd(),
                prediction.getProbability(),
                prediction.getLower(),
                prediction.getUpper(),
                prediction.getStatus());
    }

    private static void publish(GmilProducer producer, TestBag bag) {
        for (int chunk = 0; chunk < bag.chunks(); chunk++) {
            producer.send(bag.chunk(chunk).setEmbedding("sim").build());
        }
        producer.send(bag.manifest().setEmbedding("sim").build());
        producer.flush();
    }

    /** ARRIVAL predictions of the score-only job. */
    private static List<Prediction> read(KafkaConsumer<byte[], byte[]> consumer, int count) throws Exception {
        AvroWire<Prediction> wire = AvroWire.of(Prediction.class);
        List<Prediction> arrivals = new ArrayList<>();
        while (arrivals.size() < count) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                Prediction prediction = wire.decode(record.value());
                if (prediction.getKind() == PredictionKind.ARRIVAL) {
                    arrivals.add(prediction);
                }
            }
        }
        return arrivals;
    }

    private static KafkaConsumer<byte[], byte[]> consumer(JobConfig config) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of(
                        "bootstrap.servers", config.kafkaConfig().bootstrapServers(),
                        "isolation.level", "read_committed",
                        "auto.offset.reset", "earliest",
                        "group.id", "test"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of("gmil.score.predictions"));
        return consumer;
    }

    private JobConfig config(LocalBroker broker) {
        return JobConfig.of(Map.of(
                "study",
                TestCohort.STUDY,
                "outcomes",
                TestCohort.OUTCOME + ":binomial:2",
                "parallelism",
                Integer.toString(PARALLELISM),
                "shards",
                "8",
                "checkpoint.interval",
                "1s",
                "checkpoint.directory",
                directory.resolve("checkpoints").toUri().toString(),
                KafkaConfig.BOOTSTRAP_SERVERS,
                broker.bootstrapServers()));
    }

    /** The sources of the job; that of cells throws once when told to. */
    private static ScoreSources failing(JobConfig config) {
        RecordReader<BagEvent> reader = Sources.reader(EventKind.CELLS, config.shards());
        ScoreSources sources = ScoreSources.kafka(config);
        var cells = GmilSources.source(
                config.kafkaConfig(),
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
        return new ScoreSources(
                cells,
                sources.samples(),
                sources.control(),
                sources.posterior(),
                sources.published(),
                sources.ordered());
    }
}
