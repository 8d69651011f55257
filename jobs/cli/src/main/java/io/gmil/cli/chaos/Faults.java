package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ClusterException;
import io.gmil.cli.cluster.ProcessCluster;
import io.gmil.cohort.Sample;
import io.gmil.kafka.Topic;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Does to a run what its portions ask for. */
final class Faults {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CUT_SECONDS = 30;
    private static final int UNWRITABLE_SECONDS = 20;
    private static final int RANDOM_KILLS = 5;
    private static final int BROKER_DOWN_SECONDS = 3;

    private static final byte[] KEY = "poison".getBytes(StandardCharsets.UTF_8);

    /** Erased in every run, so that what is learnt can be compared. */
    private static final int ERASED_PORTION = 0;

    private final Optional<TcpProxy> proxy;
    private final Random random;

    /** @param proxy between job and broker */
    Faults(Optional<TcpProxy> proxy, long seed) {
        this.proxy = proxy;
        this.random = new Random(seed);
    }

    /**
     * Strikes.
     *
     * @return labelled bags that are gone by it
     */
    int strike(ChaosRun run, Fault fault) throws Exception {
        ProcessCluster cluster = run.job().cluster();
        switch (fault) {
            case NONE -> {}
            case KILL_IN_MID_BAG, KILL_BEFORE_LEARNING -> cluster.restart(worker(run));
            case KILL_IN_CHECKPOINT -> {
                awaitCheckpoint(run);
                cluster.restart(worker(run));
            }
            case KILL_IN_ERASURE -> {
                String command = erase(run);
                cluster.restart(worker(run));
                awaitReceipt(run, command);
                return 1;
            }
            case KILL_ALL_TASK_MANAGERS -> {
                int all = cluster.settings().taskManagers();
                for (int number = 1; number <= all; number++) {
                    cluster.kill(ProcessCluster.taskManager(number));
                }
                cluster.start();
            }
            case KILL_JOB_MANAGER -> cluster.restart(ProcessCluster.jobManager());
            case RESTART_BROKER -> {
                cluster.stop(ProcessCluster.broker());
                TimeUnit.SECONDS.sleep(BROKER_DOWN_SECONDS);
                cluster.start(ProcessCluster.broker());
            }
            case KILL_BROKER -> {
                cluster.kill(ProcessCluster.broker());
                TimeUnit.SECONDS.sleep(BROKER_DOWN_SECONDS);
                cluster.start(ProcessCluster.broker());
            }
            case CUT_NETWORK -> {
                TcpProxy cable = proxy.orElseThrow();
                cable.cut();
                TimeUnit.SECONDS.sleep(CUT_SECONDS);
                cable.mend();
            }
            case LOSE_CHECKPOINT_FOLDER -> loseCheckpointFolder(cluster.checkpoints());
            case POISON -> poison(run);
            case RESCALE_UP -> run.job().resume(4);
            case RESCALE_DOWN -> run.job().resume(1);
            case KILL_AT_RANDOM -> {
                for (int i = 0; i < RANDOM_KILLS; i++) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
                    cluster.restart(worker(run));
                    run.job().awaitRunning();
                }
            }
            default -> throw new IllegalStateException("fault " + fault + " is not known");
        }
        return 0;
    }

    /** A task manager whose death is felt: after a failure all of the job may be on the other. */
    private String worker(ChaosRun run) throws InterruptedException {
        List<String> workers = run.job().cluster().rest().workers();
        if (workers.isEmpty()) {
            throw new ClusterException(
                    "no task manager works on job " + run.job().id());
        }
        return workers.get(random.nextInt(workers.size()));
    }

    /** What an undisturbed run does where another is struck by a fault: only what changes the data. */
    static int shadow(ChaosRun run, Fault fault) throws IOException {
        if (fault != Fault.KILL_IN_ERASURE) {
            return 0;
        }
        awaitReceipt(run, erase(run));
        return 1;
    }

    private static String erase(ChaosRun run) {
        Sample sample = run.training(ERASED_PORTION, 0);
        Control command = LearningJob.command(ControlKind.ERASE_PATIENT)
                .setPatientId(sample.patientId())
                .build();
        run.send(command);
        return command.getCommandId();
    }

    private static void awaitReceipt(ChaosRun run, String command) throws IOException {
        run.outputs().await("receipt of the erasure", PATIENCE, () -> run.outputs()
                .receipt(command)
                .isPresent());
    }

    private static void awaitCheckpoint(ChaosRun run) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            boolean inProgress = run.job()
                    .cluster()
                    .rest()
                    .get("/jobs/" + run.job().id() + "/checkpoints")
                    .map(answer -> answer.path("counts").path("in_progress").asInt() > 0)
                    .orElse(false);
            if (inProgress) {
                return;
            }
        }
        throw new ClusterException("no checkpoint was seen in progress within " + PATIENCE.toSeconds() + " s");
    }

    /** A file in the place of the folder stops the superuser as well, whom missing rights would not. */
    private static void loseCheckpointFolder(Path folder) throws IOException, InterruptedException {
        Path aside = folder.resolveSibling(folder.getFileName() + ".aside");
        Files.move(folder, aside);
        Files.createFile(folder);
        try {
            TimeUnit.SECONDS.sleep(UNWRITABLE_SECONDS);
        } finally {
            Files.delete(folder);
            Files.move(aside, folder);
        }
    }

    /** Bytes that are no record, on every topic that the job reads. */
    private void poison(ChaosRun run) throws Exception {
        int before = run.outputs().deadLetters();
        byte[] noise = new byte[200];
        random.nextBytes(noise);
        List<byte[]> values = List.of(new byte[0], noise, "{\"sample\": 1}".getBytes(StandardCharsets.UTF_8));
        List<Topic> topics = List.of(Topic.CELLS, Topic.SAMPLES, Topic.LABELS, Topic.CONTROL);
        Properties settings = new Properties();
        settings.setProperty(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, run.job().cluster().bootstrapServers());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (Topic topic : topics) {
                for (byte[] value : values) {
                    producer.send(new ProducerRecord<>(topic.topicName(), KEY, value))
                            .get();
                }
                producer.send(new ProducerRecord<>(topic.topicName(), null, null))
                        .get();
            }
        }
        int sent = topics.size() * (values.size() + 1);
        run.outputs()
                .await(sent + " dead letters", PATIENCE, () -> run.outputs().deadLetters() >= before + sent);
    }
}
