package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ClusterJobs;
import io.gmil.cli.cluster.JobFile;
import io.gmil.cli.cluster.ProcessCluster;
import io.gmil.kafka.GmilProducer;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Topics;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import io.gmil.stream.JobConfig;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.SavepointFormatType;

/** The learning job of {@link BagRecords} on a cluster of processes, and the producer that feeds it. */
final class LearningJob implements AutoCloseable {

    private static final long START_SECONDS = 180;
    private static final long SAVEPOINT_SECONDS = 240;

    private final ProcessCluster cluster;
    private final ClusterJobs jobs;
    private final Path file;
    private final KafkaConfig kafka;
    private final GmilProducer producer;
    private String id;

    /**
     * Of a cluster that runs; the job does not yet.
     *
     * @param directory for its settings
     * @param given settings beside those that the records need
     */
    LearningJob(ProcessCluster cluster, Path directory, Map<String, String> given) throws Exception {
        this.cluster = cluster;
        this.jobs = new ClusterJobs(cluster);
        this.file = directory.resolve("job.properties");
        this.kafka = KafkaConfig.at(cluster.bootstrapServers());
        Map<String, String> settings = new TreeMap<>(BagRecords.settings());
        settings.putAll(given);
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        try (var admin = kafka.admin()) {
            Topics.create(admin);
        }
        producer = GmilProducer.open(kafka);
    }

    void start(int parallelism) throws Exception {
        submit(Optional.empty(), parallelism);
    }

    private void submit(Optional<String> savepoint, int parallelism) throws Exception {
        id = jobs.submit(JobFile.read(file).with(OptionalInt.of(parallelism), Optional.empty()), savepoint);
        awaitRunning();
    }

    /** Stops with a savepoint and goes on from that. */
    void resume(int parallelism) throws Exception {
        submit(Optional.of(jobs.stop(id, cluster.savepoints())), parallelism);
    }

    /** Stops for good. */
    void stop() throws Exception {
        jobs.stop(id, cluster.savepoints());
    }

    /** Waits until all tasks run. */
    void awaitRunning() throws InterruptedException {
        jobs.awaitRunning(id, START_SECONDS);
    }

    String id() {
        return id;
    }

    ProcessCluster cluster() {
        return cluster;
    }

    KafkaConfig kafka() {
        return kafka;
    }

    JobConfig config() {
        return JobFile.read(file)
                .with(OptionalInt.of(1), Optional.empty())
                .on(cluster)
                .config();
    }

    /** URI of a canonical savepoint of the job, which goes on. */
    String savepoint() throws Exception {
        try (var client = jobs.client()) {
            return client.triggerSavepoint(
                            JobID.fromHexString(id),
                            cluster.savepoints().toUri().toString(),
                            SavepointFormatType.CANONICAL)
                    .get(SAVEPOINT_SECONDS, TimeUnit.SECONDS);
        }
    }

    static Control.Builder command(ControlKind kind) {
        return Control.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setKind(kind)
                .setStudy(BagRecords.STUDY)
                .setIssuedAt(Instant.now());
    }

    /** Sends chunks, manifests, labels and commands, and returns when the broker has them; one caller after the other. */
    synchronized void send(List<? extends SpecificRecord> records) {
        for (SpecificRecord each : records) {
            if (each instanceof CellChunk chunk) {
                producer.send(chunk);
            } else if (each instanceof SampleManifest manifest) {
                producer.send(manifest);
            } else if (each instanceof Control control) {
                producer.send(control);
            } else {
                producer.send((Label) each);
            }
        }
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
