package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ClusterException;
import io.gmil.cli.cluster.ProcessCluster;
import io.gmil.cohort.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;

/** Kills of task managers at a moment that is made sure of. */
final class TimedKills {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Less than it takes until a process that stands still counts as dead. */
    private static final Duration FROZEN = Duration.ofSeconds(8);

    /** Within which what was sent to the broker shows. */
    private static final Duration SHOWN = Duration.ofMillis(300);

    /** Patients; the receipt of the first may just be committed when its task manager is to die. */
    private static final int ERASURES = 5;

    /** Of the portion whose patients are erased, also where nothing goes wrong: what is learnt can be compared then. */
    static final int ERASED_PORTION = 0;

    private final ChaosRun run;
    private final ProcessCluster cluster;
    private final JobView view;
    private final Random random;

    TimedKills(ChaosRun run, Random random) {
        this.run = run;
        this.cluster = run.job().cluster();
        this.view = new JobView(run.job());
        this.random = random;
    }

    /** A task manager whose death is felt: after a failure all of the job may be on the other. */
    String worker() throws InterruptedException {
        List<String> workers = workers();
        return workers.get(random.nextInt(workers.size()));
    }

    private List<String> workers() throws InterruptedException {
        List<String> workers = cluster.rest().workers();
        if (workers.isEmpty()) {
            throw new ClusterException(
                    "no task manager works on job " + run.job().id());
        }
        return workers;
    }

    /** When bags are open that a checkpoint holds. */
    Struck inMidBag() throws Exception {
        boolean open = JobView.comes(PATIENCE, () -> {
            boolean before = view.openBags() > 0;
            long completed = view.completedCheckpoints();
            return before
                    && JobView.comes(PATIENCE, () -> view.completedCheckpoints() > completed)
                    && view.openBags() > 0;
        });
        String victim = worker();
        long at = System.nanoTime();
        cluster.restart(victim);
        return Struck.at(at, open ? List.of() : List.of("no bag was seen open around a checkpoint"));
    }

    /** While a checkpoint waits for the one that dies, which therefore can never complete. */
    Struck inCheckpoint() throws Exception {
        List<String> flaws = new ArrayList<>();
        String victim = worker();
        cluster.freeze(victim);
        OptionalLong checkpoint = view.stuckCheckpoint(FROZEN);
        long at = System.nanoTime();
        cluster.kill(victim);
        if (checkpoint.isEmpty()) {
            flaws.add("no checkpoint was seen in progress");
        } else if (!JobView.comes(PATIENCE, () -> view.checkpointStatus(checkpoint.getAsLong())
                .filter("FAILED"::equals)
                .isPresent())) {
            flaws.add("checkpoint " + checkpoint.getAsLong() + " was to fail, but is "
                    + view.checkpointStatus(checkpoint.getAsLong()).orElse("not known"));
        }
        cluster.start(victim);
        return Struck.at(at, flaws);
    }

    /** When a patient is gone and the receipt is written but not committed. Whoever may have written it dies. */
    Struck inErasure() throws Exception {
        List<Sample> patients = run.training(ERASED_PORTION);
        int erasures = 0;
        boolean caught = false;
        while (!caught && erasures < Math.min(ERASURES, patients.size() - 1)) {
            // Just after a checkpoint, so that the next one is almost an interval away.
            long completed = view.completedCheckpoints();
            JobView.comes(PATIENCE, () -> view.completedCheckpoints() > completed);
            String command = erase(run, erasures);
            erasures++;
            run.outputs().await("a receipt", PATIENCE, () -> run.outputs().early(command));
            caught = frozenBeforeCommit(command);
        }
        long at = System.nanoTime();
        for (String name : workers()) {
            cluster.kill(name);
        }
        cluster.start();
        return new Struck(
                at,
                erasures,
                caught ? List.of() : List.of("every receipt was committed before the task managers died"));
    }

    private boolean frozenBeforeCommit(String command) throws Exception {
        List<String> workers = workers();
        for (String name : workers) {
            cluster.freeze(name);
        }
        if (!run.outputs().comes(SHOWN, () -> run.outputs().receipt(command))) {
            return true;
        }
        for (String name : workers) {
            cluster.thaw(name);
        }
        return false;
    }

    /** @return id of the command */
    static String erase(ChaosRun run, int index) {
        Sample sample = run.training(ERASED_PORTION).get(index);
        return run.erase(sample.patientId(), sample.id());
    }
}
