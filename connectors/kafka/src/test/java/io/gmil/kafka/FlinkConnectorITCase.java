package io.gmil.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gmil.schema.DeadLetter;
import io.gmil.schema.Evaluation;
import io.gmil.schema.Label;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Sources and sinks in a running job: an exactly-once sink shows its faults only at a checkpoint or after a failure. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FlinkConnectorITCase {

    private static final AtomicBoolean FAIL_ONCE = new AtomicBoolean();

    @TempDir
    static Path directory;

    private static LocalBroker broker;
    private static KafkaConfig config;

    @BeforeAll
    static void start() throws IOException {
        broker = LocalBroker.start(directory, 0);
        config = KafkaConfig.at(broker.bootstrapServers());
        try (Admin admin = config.admin()) {
            Topics.create(admin);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    @Test
    void everyRecordIsWrittenOnceThoughTheJobFails() throws Exception {
        JobClient job = job().executeAsync("copy");
        try (GmilProducer producer = GmilProducer.open(config);
                GmilReader reader = GmilReader.open(config, Isolation.COMMITTED, Set.of(Topic.DEAD_LETTERS))) {
            List<String> samples = new ArrayList<>();
            send(producer, 0, 50);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> read(reader, samples).size() >= 50);

            FAIL_ONCE.set(true);
            send(producer, 50, 100);
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> read(reader, samples).size() >= 100);

            assertThat(FAIL_ONCE).isFalse();
            assertThat(samples)
                    .containsExactlyInAnyOrderElementsOf(
                            IntStream.range(0, 100).mapToObj(i -> "s" + i).toList());
        } finally {
            job.cancel().get();
        }
    }

    @Test
    void aBoundedJobEndsAndWritesAtLeastOnce() throws Exception {
        try (GmilProducer producer = GmilProducer.open(config);
                GmilReader reader = GmilReader.open(config, Isolation.COMMITTED, Set.of(Topic.EVALUATIONS))) {
            producer.send(Records.control("a"));
            producer.send(Records.control("b"));
            producer.flush();

            boundedJob().execute("bounded");

            List<Received> received = new ArrayList<>();
            while (reader.remaining() > 0) {
                received.addAll(reader.poll(Duration.ofSeconds(1)));
            }
            assertThat(received)
                    .extracting(Received::key)
                    .containsExactly("gmil.control@0 study", "gmil.control@1 study");
        }
    }

    @Test
    void aSinkOfAnotherTypeIsRefused() {
        assertThatThrownBy(() -> GmilSinks.sink(
                        config, Topic.CELLS, Label::getPatientId, Label.class, DeliveryGuarantee.AT_LEAST_ONCE))
                .hasMessage("records of gmil.cells: expected io.gmil.schema.CellChunk, got io.gmil.schema.Label");
    }

    private static StreamExecutionEnvironment job() {
        Configuration settings = new Configuration();
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        settings.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(50));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(settings);
        env.setParallelism(2);
        env.enableCheckpointing(200);
        env.fromSource(
                        GmilSources.source(
                                config,
                                Topic.LABELS,
                                "copy",
                                StartingOffsets.EARLIEST,
                                FlinkConnectorITCase::sample,
                                Types.STRING),
                        WatermarkStrategy.noWatermarks(),
                        "labels")
                .map(FlinkConnectorITCase::letter)
                .returns(TypeInformation.of(DeadLetter.class))
                .sinkTo(GmilSinks.sink(
                        config,
                        Topic.DEAD_LETTERS,
                        DeadLetter::getSampleId,
                        DeadLetter.class,
                        DeliveryGuarantee.EXACTLY_ONCE));
        return env;
    }

    private static StreamExecutionEnvironment boundedJob() {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        env.setParallelism(1);
        env.fromSource(
                        GmilSources.boundedSource(
                                config,
                                Topic.CONTROL,
                                "bounded",
                                (topic, partition, offset, timestamp, key, value) ->
                                        topic + "@" + offset + " " + new String(key, StandardCharsets.UTF_8),
                                Types.STRING),
                        WatermarkStrategy.noWatermarks(),
                        "control")
                .map(FlinkConnectorITCase::evaluation)
                .returns(TypeInformation.of(Evaluation.class))
                .sinkTo(GmilSinks.sink(
                        config,
                        Topic.EVALUATIONS,
                        Evaluation::getOutcome,
                        Evaluation.class,
                        DeliveryGuarantee.AT_LEAST_ONCE));
        return env;
    }

    private static String sample(String topic, int partition, long offset, long timestamp, byte[] key, byte[] value) {
        try {
            return AvroWire.of(Label.class).decode(value).getSampleId();
        } catch (WireException e) {
            return e.getMessage();
        }
    }

    private static DeadLetter letter(String sample) {
        if (FAIL_ONCE.compareAndSet(true, false)) {
            throw new IllegalStateException("on purpose");
        }
        return DeadLetter.newBuilder()
                .setCause("test")
                .setTopic(Topic.LABELS.topicName())
                .setPartition(0)
                .setOffset(0)
                .setSampleId(sample)
                .setRejectedAt(Records.TIME)
                .build();
    }

    private static Evaluation evaluation(String outcome) {
        return Evaluation.newBuilder()
                .setStudy("study")
                .setOutcome(outcome)
                .setEmbedding("scvi")
                .setEmbeddingVersion("1")
                .setScored(1)
                .setLogLoss(0)
                .setBrier(0)
                .setWindowScored(1)
                .setWindowLogLoss(0)
                .setWindowBrier(0)
                .setCalibrationError(0)
                .setEvaluatedAt(Records.TIME)
                .build();
    }

    private static void send(GmilProducer producer, int from, int to) {
        IntStream.range(from, to).forEach(i -> producer.send(Records.label("s" + i, 1)));
        producer.flush();
    }

    private static List<String> read(GmilReader reader, List<String> samples) throws WireException {
        reader.poll(Duration.ofMillis(100)).forEach(record -> samples.add(((DeadLetter) record.value()).getSampleId()));
        return samples;
    }
}
