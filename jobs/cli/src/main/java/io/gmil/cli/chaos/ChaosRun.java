package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ClusterJobs;
import io.gmil.cli.cluster.JobFile;
import io.gmil.cli.cluster.ProcessCluster;
import io.gmil.cohort.Sample;
import io.gmil.kafka.GmilProducer;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Topics;
import io.gmil.model.Scores;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.schema.Prediction;
import io.gmil.schema.SampleManifest;
import io.gmil.stream.JobConfig;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.SavepointFormatType;

/** One job on a cluster of processes, fed portion by portion, and what is to be done to it. */
final class ChaosRun implements AutoCloseable {

    /** What is done in the midst of a portion. */
    interface Blow {
        /** @return labelled bags that are gone by it */
        int strike(ChaosRun run, Fault fault) throws Exception;
    }

    /** So that much happens in little time. */
    private static final Map<String, String> HASTE = Map.of("checkpoint.interval", "1s", "shards", "16");

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final long START_SECONDS = 180;

    private final ProcessCluster cluster;
    private final ClusterJobs jobs;
    private final Feed feed;
    private final Path file;
    private final KafkaConfig kafka;
    private final GmilProducer producer;
    private final Outputs outputs;
    private final Set<String> expected = new HashSet<>();
    private int labelled;
    private String job;

    /**
     * Starts the job on a cluster that runs.
     *
     * @param jobServers how the job reaches Kafka
     */
    ChaosRun(ProcessCluster cluster, Feed feed, Path directory, String jobServers, int parallelism) throws Exception {
        this(cluster, feed, directory, jobServers, parallelism, HASTE);
    }

    /** @param given settings of the job beside those that it needs */
    ChaosRun(
            ProcessCluster cluster,
            Feed feed,
            Path directory,
            String jobServers,
            int parallelism,
            Map<String, String> given)
            throws Exception {
        this.cluster = cluster;
        this.jobs = new ClusterJobs(cluster);
        this.feed = feed;
        this.file = directory.resolve("job.properties");
        this.kafka = KafkaConfig.at(cluster.bootstrapServers());
        Map<String, String> settings = new TreeMap<>(Feed.settings());
        settings.put(KafkaConfig.BOOTSTRAP_SERVERS, jobServers);
        settings.putAll(given);
        settings.put("parallelism", Integer.toString(parallelism));
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        try (var admin = kafka.admin()) {
            Topics.create(admin);
        }
        producer = GmilProducer.open(kafka);
        outputs = new Outputs(kafka);
        submit(Optional.empty(), parallelism);
        producer.send(command(ControlKind.SET_SCALER).setScaler(feed.scaler()).build());
    }

    private JobFile jobFile(int parallelism) {
        return JobFile.read(file).with(OptionalInt.of(parallelism), Optional.empty());
    }

    private void submit(Optional<String> savepoint, int parallelism) throws Exception {
        job = jobs.submit(jobFile(parallelism), savepoint);
        jobs.awaitRunning(job, START_SECONDS);
    }

    ProcessCluster cluster() {
        return cluster;
    }

    ClusterJobs jobs() {
        return jobs;
    }

    String job() {
        return job;
    }

    Outputs outputs() {
        return outputs;
    }

    /** Sends a portion with a fault in its midst, and says how that went. */
    Trial portion(int number, Fault fault, Blow blow) throws Exception {
        List<SpecificRecord> cells = feed.cells(number);
        List<Label> labels = feed.labels(number);
        List<Sample> samples = feed.portion(number);
        samples.forEach(sample -> expected.add(sample.id()));
        labelled += labels.size();
        int half = cells.size() / 2;
        send(cells.subList(0, half));
        // Half of the labels come before their cells.
        send(labels.subList(0, labels.size() / 2));
        if (fault == Fault.KILL_BEFORE_LEARNING) {
            send(cells.subList(half, cells.size()));
            outputs.await("a prediction", PATIENCE, () -> samples.stream()
                    .anyMatch(sample -> outputs.predicted(sample.id())));
        }
        long began = System.nanoTime();
        labelled -= blow.strike(this, fault);
        if (fault != Fault.KILL_BEFORE_LEARNING) {
            send(cells.subList(half, cells.size()));
        }
        send(labels.subList(labels.size() / 2, labels.size()));
        outputs.await("a committed prediction of every sample", PATIENCE, () -> expected.stream()
                .allMatch(outputs::arrived));
        double recovery = (System.nanoTime() - began) / 1e9;
        outputs.await("rest at " + labelled + " labelled bags", PATIENCE, () -> outputs.rests(labelled));
        double rho = rho();
        List<SavepointSums> sums = SavepointSums.read(savepoint(), config());
        return new Trial(
                fault,
                expected.size(),
                (int) expected.stream()
                        .filter(sample -> !outputs.arrived(sample))
                        .count(),
                outputs.doubled(),
                recovery,
                rho,
                sums.stream().mapToInt(SavepointSums::labelledBags).sum(),
                labelled,
                !sums.isEmpty() && sums.stream().allMatch(SavepointSums::exact));
    }

    private JobConfig config() {
        return jobFile(1).on(cluster).config();
    }

    private double rho() throws IOException {
        String command = UUID.randomUUID().toString();
        send(command(ControlKind.SCORE_ALL).setCommandId(command).setTopK(1).build());
        outputs.await("final predictions", PATIENCE, () -> feed.test().stream()
                .allMatch(sample -> outputs.finals(command).containsKey(sample.id())));
        Map<String, Prediction> finals = outputs.finals(command);
        return Scores.spearman(
                feed.test().stream()
                        .mapToDouble(sample -> finals.get(sample.id()).getRandomEffect())
                        .toArray(),
                feed.test().stream()
                        .mapToDouble(sample -> sample.trueEffect().orElseThrow())
                        .toArray());
    }

    private String savepoint() throws Exception {
        try (var client = jobs.client()) {
            return client.triggerSavepoint(
                            JobID.fromHexString(job),
                            cluster.savepoints().toUri().toString(),
                            SavepointFormatType.CANONICAL)
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
    }

    /** Stops the job with a savepoint and goes on from that. */
    void resume(int parallelism) throws Exception {
        submit(Optional.of(jobs.stop(job, cluster.savepoints())), parallelism);
    }

    /** Stops the job for good. */
    void stop() throws Exception {
        jobs.stop(job, cluster.savepoints());
    }

    /** Waits until all tasks of the job run. */
    void awaitRunning() throws InterruptedException {
        jobs.awaitRunning(job, START_SECONDS);
    }

    Control.Builder command(ControlKind kind) {
        return Control.newBuilder()
                .setCommandId(UUID.randomUUID().toString())
                .setKind(kind)
                .setStudy(Feed.STUDY)
                .setIssuedAt(Instant.now());
    }

    private void send(List<? extends SpecificRecord> records) {
        for (SpecificRecord each : records) {
            if (each instanceof CellChunk chunk) {
                producer.send(chunk);
            } else if (each instanceof SampleManifest manifest) {
                producer.send(manifest);
            } else {
                producer.send((Label) each);
            }
        }
        producer.flush();
    }

    void send(Control control) {
        producer.send(control);
        producer.flush();
    }

    /** Samples whose labels come with a portion. */
    Sample training(int portion, int index) {
        return feed.portion(portion).get(index);
    }

    @Override
    public void close() {
        outputs.close();
        producer.close();
    }
}
