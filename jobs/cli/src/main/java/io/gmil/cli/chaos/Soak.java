package io.gmil.cli.chaos;

import io.gmil.cli.chaos.Move.Kind;
import io.gmil.cli.cluster.ProcessCluster;
import io.gmil.kafka.KafkaConfig;
import io.gmil.schema.ControlKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;

/** Bags that stream into a job on and on, with kills in their midst. */
final class Soak implements AutoCloseable {

    /** Receives a line of progress. */
    interface Progress {
        void measured(int bags, double perSecond, int labelled, Vitals vitals);
    }

    /** Of a job in production but for times, which are as short as the run is. */
    private static final Map<String, String> SETTINGS = Map.of(
            "checkpoint.interval", "2s",
            "shards", "32",
            "bag.deadline", "1m",
            "bag.retention", "40s",
            "bag.remembered", "2m",
            "erasure.complete-after", "1m");

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int PARALLELISM = 2;

    /** Bags of which the records are mixed. */
    private static final int MIXED = 10;

    /** Bags that come while a killed process is down. */
    private static final int WHILE_DOWN = 100;

    private static final int POINTS = 20;

    /** Sizes swing more and are measured with less ado. */
    private static final int SIZES_A_POINT = 10;

    private final LearningJob job;
    private final SoakOutputs outputs;
    private final SoakPlan plan;
    private final Population population;
    private final SoakRecords records;
    private final Random random;
    private final List<SpecificRecord> mixed = new ArrayList<>();
    private final List<Levelling> levels;
    private int refused;

    /** Starts the job on a cluster that runs. */
    Soak(ProcessCluster cluster, Path directory, SoakPlan plan) throws Exception {
        this.plan = plan;
        this.population = new Population(plan.labelled(), plan.seed());
        this.records = new SoakRecords(plan.seed());
        this.random = new Random(plan.seed());
        this.levels = Vitals.levels(plan.bags());
        job = new LearningJob(
                cluster, directory, with(SETTINGS, KafkaConfig.BOOTSTRAP_SERVERS, cluster.bootstrapServers()));
        outputs = new SoakOutputs(job.kafka());
        job.start(PARALLELISM);
        job.send(List.of(LearningJob.command(ControlKind.SET_SCALER)
                .setScaler(records.scaler())
                .build()));
    }

    private static Map<String, String> with(Map<String, String> settings, String key, String value) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put(key, value);
        return all;
    }

    /** Sends everything, and returns when all of it has come back and the posterior rests. */
    void run(Progress progress) throws Exception {
        int every = Math.max(1, plan.bags() / POINTS);
        int sizes = Math.max(1, every / SIZES_A_POINT);
        Pacer pacer = new Pacer(plan.rate());
        long lineBegan = System.nanoTime();
        for (int bag = 1; bag <= plan.bags(); bag++) {
            send(population.next(outputs.predicted()), bag % MIXED == 0);
            if (bag % MIXED == 0) {
                outputs.read();
            }
            pacer.await(outputs::read);
            if (plan.kills(bag - WHILE_DOWN)) {
                revive(bag - WHILE_DOWN);
                pacer.restart();
            }
            if (bag % sizes == 0) {
                Vitals.addSizes(job, levels, bag);
            }
            // Before a kill, so that nothing is measured of what is down.
            if (bag % every == 0) {
                double seconds = (System.nanoTime() - lineBegan) / 1e9;
                Vitals vitals = Vitals.of(job);
                vitals.addHeap(levels, bag);
                progress.measured(bag, every / seconds, outputs.labelledBags(), vitals);
                lineBegan = System.nanoTime();
                pacer.restart();
            }
            if (plan.kills(bag)) {
                job.cluster().kill(SoakPlan.VICTIM);
            }
        }
        send(List.of(), true);
        finish();
    }

    private void revive(int killed) throws IOException, InterruptedException {
        if (plan.killsJobManager(killed)) {
            job.cluster().restart(ProcessCluster.jobManager());
        }
        job.cluster().start(SoakPlan.VICTIM);
    }

    /** Takes records among those that wait; at the end of a batch all of these go, in any order. */
    private void send(List<Move> moves, boolean end) throws IOException {
        for (Move move : moves) {
            if (move.bag()) {
                outputs.sent(move);
            }
            mixed.addAll(records.of(move));
        }
        if (end) {
            refuse();
            Collections.shuffle(mixed, random);
            job.send(mixed);
            mixed.clear();
        }
    }

    /** A late record of everybody who has been erased, to be refused. */
    private void refuse() {
        for (int patient : outputs.erased()) {
            mixed.add(records.again(patient));
            refused++;
        }
    }

    private void finish() throws IOException {
        outputs.await("a prediction of every bag", PATIENCE, () -> outputs.predicted() == population.bags());
        int erasures = population.count(Kind.ERASE);
        outputs.await("the last receipt of every erasure", PATIENCE, () -> outputs.complete() == erasures);
        send(List.of(), true);
        outputs.await("refusal of every record of the erased", PATIENCE, () -> outputs.deadLetters() >= refused);
        outputs.await(
                "rest at " + population.labelled() + " labelled bags",
                PATIENCE,
                () -> outputs.rests(population.labelled()));
    }

    LearningJob job() {
        return job;
    }

    SoakOutputs outputs() {
        return outputs;
    }

    Population population() {
        return population;
    }

    /** Records that had to be refused. */
    int refused() {
        return refused;
    }

    /** Empty where a run is too short for anything to level off. */
    List<Levelling> levels() {
        return plan.levels() ? levels : List.of();
    }

    @Override
    public void close() {
        outputs.close();
        job.close();
    }
}
