package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ProcessCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Does to a run what its portions ask for. */
final class Faults {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int UNWRITABLE_SECONDS = 20;
    private static final int RANDOM_KILLS = 5;
    private static final int BROKER_DOWN_SECONDS = 3;

    private final Optional<TcpProxy> proxy;
    private final int cutSeconds;
    private final Random random;

    /**
     * @param proxy between job and broker
     * @param cutSeconds without network
     */
    Faults(Optional<TcpProxy> proxy, int cutSeconds, long seed) {
        this.proxy = proxy;
        this.cutSeconds = cutSeconds;
        this.random = new Random(seed);
    }

    /** Strikes, and returns when what was taken away is there again. */
    Struck strike(ChaosRun run, Fault fault) throws Exception {
        ProcessCluster cluster = run.job().cluster();
        TimedKills kills = new TimedKills(run, random);
        long at = System.nanoTime();
        switch (fault) {
            case NONE -> {}
            case KILL_IN_MID_BAG -> {
                return kills.inMidBag();
            }
            case KILL_IN_CHECKPOINT -> {
                return kills.inCheckpoint();
            }
            case KILL_IN_ERASURE -> {
                return kills.inErasure();
            }
            case LOSE_CHECKPOINT_FOLDER -> {
                return loseCheckpointFolder(run);
            }
            case POISON -> {
                return poison(run);
            }
            case KILL_BEFORE_LEARNING -> cluster.restart(kills.worker());
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
                TimeUnit.SECONDS.sleep(cutSeconds);
                cable.mend();
            }
            case RESCALE_UP -> run.job().resume(4);
            case RESCALE_DOWN -> run.job().resume(1);
            case KILL_AT_RANDOM -> {
                for (int i = 0; i < RANDOM_KILLS; i++) {
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
                    cluster.restart(kills.worker());
                    run.job().awaitRunning();
                }
            }
            default -> throw new IllegalStateException("fault " + fault + " is not known");
        }
        return Struck.at(at);
    }

    /** What an undisturbed run does where another is struck by a fault: only what changes the data. */
    static Struck shadow(ChaosRun run, Fault fault) throws IOException {
        long at = System.nanoTime();
        if (fault != Fault.KILL_IN_ERASURE) {
            return Struck.at(at);
        }
        String command = TimedKills.erase(run, 0);
        run.outputs()
                .await("receipt of the erasure", PATIENCE, () -> run.outputs().receipt(command));
        return new Struck(at, 1, List.of());
    }

    /** A file in the place of the folder stops the superuser as well, whom missing rights would not. */
    private static Struck loseCheckpointFolder(ChaosRun run) throws IOException, InterruptedException {
        JobView view = new JobView(run.job());
        Path folder = run.job().cluster().checkpoints();
        Path aside = folder.resolveSibling(folder.getFileName() + ".aside");
        long failedBefore = view.failedCheckpoints();
        long at = System.nanoTime();
        Files.move(folder, aside);
        Files.createFile(folder);
        long failed;
        try {
            TimeUnit.SECONDS.sleep(UNWRITABLE_SECONDS);
        } finally {
            failed = view.failedCheckpoints() - failedBefore;
            Files.delete(folder);
            Files.move(aside, folder);
        }
        return Struck.at(at, failed > 0 ? List.of() : List.of("no checkpoint failed without its folder"));
    }

    /** Nothing of it may restart the job. */
    private Struck poison(ChaosRun run) throws Exception {
        JobView view = new JobView(run.job());
        long restarted = view.restartedAt();
        long at = System.nanoTime();
        try (PoisonOutlet outlet = new PoisonOutlet(run)) {
            outlet.send(random);
        }
        run.outputs().comes(PATIENCE, () -> run.outputs().deadLetters().lost() == 0);
        return Struck.at(
                at, view.restartedAt() == restarted ? List.of() : List.of("the job was restarted by a poison record"));
    }
}
