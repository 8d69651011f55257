package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ProcessCluster;
import io.gmil.cohort.Sample;
import io.gmil.kafka.KafkaConfig;
import io.gmil.model.Scores;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.schema.Prediction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;

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

    private final Feed feed;
    private final LearningJob job;
    private final Outputs outputs;
    private final Set<String> expected = new HashSet<>();
    private int labelled;

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
        this.feed = feed;
        Map<String, String> settings = new TreeMap<>(given);
        settings.put(KafkaConfig.BOOTSTRAP_SERVERS, jobServers);
        job = new LearningJob(cluster, directory, settings);
        outputs = new Outputs(job.kafka());
        job.start(parallelism);
        send(LearningJob.command(ControlKind.SET_SCALER)
                .setScaler(feed.scaler())
                .build());
    }

    LearningJob job() {
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
        job.send(cells.subList(0, half));
        // Half of the labels come before their cells.
        job.send(labels.subList(0, labels.size() / 2));
        if (fault == Fault.KILL_BEFORE_LEARNING) {
            job.send(cells.subList(half, cells.size()));
            outputs.await("a prediction", PATIENCE, () -> samples.stream()
                    .anyMatch(sample -> outputs.predicted(sample.id())));
        }
        long began = System.nanoTime();
        labelled -= blow.strike(this, fault);
        if (fault != Fault.KILL_BEFORE_LEARNING) {
            job.send(cells.subList(half, cells.size()));
        }
        job.send(labels.subList(labels.size() / 2, labels.size()));
        outputs.await("a committed prediction of every sample", PATIENCE, () -> expected.stream()
                .allMatch(outputs::arrived));
        double recovery = (System.nanoTime() - began) / 1e9;
        outputs.await("rest at " + labelled + " labelled bags", PATIENCE, () -> outputs.rests(labelled));
        double rho = rho();
        List<SavepointSums> sums = SavepointSums.read(job.savepoint(), job.config());
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

    private double rho() throws IOException {
        String command = UUID.randomUUID().toString();
        send(LearningJob.command(ControlKind.SCORE_ALL)
                .setCommandId(command)
                .setTopK(1)
                .build());
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

    void send(Control control) {
        job.send(List.of(control));
    }

    /** Samples whose labels come with a portion. */
    Sample training(int portion, int index) {
        return feed.portion(portion).get(index);
    }

    @Override
    public void close() {
        outputs.close();
        job.close();
    }
}
