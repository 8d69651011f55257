package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ClusterException;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;

/** One job on a cluster of processes, fed portion by portion, and what is to be done to it. */
final class ChaosRun implements AutoCloseable {

    /** What is done in the midst of a portion, while the second half of it comes. */
    interface Blow {
        Struck strike(ChaosRun run, Fault fault) throws Exception;
    }

    /** So that much happens in little time. */
    private static final Map<String, String> HASTE = Map.of("checkpoint.interval", "1s", "shards", "16");

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    private final Feed feed;
    private final LearningJob job;
    private final Outputs outputs;
    private final Set<String> expected = new HashSet<>();
    private final Set<String> erased = new HashSet<>();
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

    /** Samples whose labels come with a portion. */
    List<Sample> training(int portion) {
        return feed.training(portion);
    }

    /** Sends a portion with a fault in its midst, and says how that went. */
    Trial portion(int number, Fault fault, Blow blow) throws Exception {
        feed.portion(number).forEach(sample -> expected.add(sample.id()));
        labelled += feed.labels(number).size();
        List<String> flaws = new ArrayList<>();
        Struck struck = struck(number, fault, blow);
        labelled -= struck.unlabelled();
        flaws.addAll(struck.flaws());

        boolean arrived = outputs.comes(PATIENCE, () -> expected.stream().allMatch(outputs::arrived));
        double recovery = arrived ? (System.nanoTime() - struck.at()) / 1e9 : Double.NaN;
        // What is lost would be waited for in vain.
        Duration patience = arrived ? PATIENCE : Duration.ZERO;
        if (!outputs.comes(patience, () -> outputs.rests(labelled))) {
            flaws.add("expected rest at " + labelled + " labelled bags, got " + outputs.posterior());
        }
        double rho = rho(patience);
        List<SavepointSums> sums = sums(flaws);
        outputs.comes(patience, () -> outputs.caughtUp() && Trial.sum(outputs.lost(expected)) == 0);
        outputs.deadLetters().missing().forEach(cause -> flaws.add("expected a dead letter with '" + cause + "'"));
        return new Trial(
                fault,
                expected.size(),
                outputs.lost(expected),
                outputs.doubled(),
                recovery,
                rho,
                sums.stream().mapToInt(SavepointSums::labelledBags).sum(),
                labelled,
                !sums.isEmpty() && sums.stream().allMatch(SavepointSums::exact),
                flaws);
    }

    /** Half of the portion has come before the blow; the other half comes meanwhile. */
    private Struck struck(int number, Fault fault, Blow blow) throws Exception {
        List<SpecificRecord> cells = feed.cells(number);
        List<Label> labels = feed.labels(number);
        boolean cellsFirst = fault == Fault.KILL_BEFORE_LEARNING;
        int half = cellsFirst ? cells.size() : cells.size() / 2;
        // Half of the labels come before their cells.
        List<Label> late = labels.subList(labels.size() / 2, labels.size());
        job.send(cells.subList(0, half));
        job.send(labels.subList(0, labels.size() / 2));
        if (cellsFirst) {
            outputs.await("a prediction that waits for its label", PATIENCE, () -> late.stream()
                    .anyMatch(label -> outputs.early(label.getSampleId())));
        }
        long began = System.nanoTime();
        Feeder feeder = Feeder.start(job, mixed(cells.subList(half, cells.size()), late), fault.lasting());
        try {
            return blow.strike(this, fault);
        } catch (ClusterException e) {
            return Struck.at(began, List.of(e.getMessage()));
        } finally {
            feeder.finish();
        }
    }

    /** Labels in between cells, evenly. */
    private static List<SpecificRecord> mixed(List<SpecificRecord> cells, List<Label> labels) {
        List<SpecificRecord> mixed = new ArrayList<>(cells);
        for (int i = labels.size() - 1; i >= 0; i--) {
            mixed.add((i + 1) * cells.size() / labels.size(), labels.get(i));
        }
        return mixed;
    }

    private double rho(Duration patience) throws IOException {
        Control command = LearningJob.command(ControlKind.SCORE_ALL).setTopK(1).build();
        send(command);
        String id = command.getCommandId();
        Set<String> held = new HashSet<>(expected);
        held.removeAll(erased);
        outputs.expectFinals(id, held);
        outputs.comes(patience, () -> outputs.finals(id).keySet().containsAll(held));
        Map<String, Prediction> finals = outputs.finals(id);
        if (!feed.test().stream().map(Sample::id).allMatch(finals::containsKey)) {
            return Double.NaN;
        }
        return Scores.spearman(
                feed.test().stream()
                        .mapToDouble(sample -> finals.get(sample.id()).getRandomEffect())
                        .toArray(),
                feed.test().stream()
                        .mapToDouble(sample -> sample.trueEffect().orElseThrow())
                        .toArray());
    }

    /** Of a savepoint in which nothing may be left of the erased. */
    private List<SavepointSums> sums(List<String> flaws) throws Exception {
        String savepoint;
        try {
            savepoint = job.savepoint();
        } catch (ExecutionException | TimeoutException e) {
            flaws.add("no savepoint: " + e.getMessage());
            return List.of();
        }
        if (!erased.isEmpty()) {
            SavepointText text = SavepointText.of(savepoint);
            erased.stream()
                    .filter(text::contains)
                    .forEach(name -> flaws.add("the savepoint holds '" + name + "', who was erased"));
            // Or the search would find nothing whatever there is.
            String held = feed.test().get(0).id();
            if (!text.contains(held)) {
                flaws.add("the savepoint does not hold '" + held + "'");
            }
        }
        return SavepointSums.read(savepoint, job.config());
    }

    void send(Control control) {
        job.send(List.of(control));
    }

    /**
     * Has a patient erased, whose receipt is expected from now on.
     *
     * @param names of patient and samples
     * @return id of the command
     */
    String erase(String patient, String... names) {
        Control command = LearningJob.command(ControlKind.ERASE_PATIENT)
                .setPatientId(patient)
                .build();
        erased.add(patient);
        erased.addAll(List.of(names));
        outputs.expectReceipt(command.getCommandId());
        send(command);
        return command.getCommandId();
    }

    @Override
    public void close() {
        outputs.close();
        job.close();
    }
}
