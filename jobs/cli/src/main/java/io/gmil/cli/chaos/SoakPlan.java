package io.gmil.cli.chaos;

import io.gmil.cli.UsageException;
import io.gmil.cli.cluster.ProcessCluster;

/**
 * How much is sent, and when something is killed.
 *
 * @param bags revisions of bags
 * @param labelled patients with a label at any time
 * @param kills of a task manager, evenly spaced; with the one in the middle goes the job manager
 * @param rate bags a second at the most
 */
record SoakPlan(int bags, int labelled, int kills, double rate, long seed) {

    /** Always the same, so that another lives through the whole run and shows what it gathers. */
    static final String VICTIM = ProcessCluster.taskManager(1);

    /** A kill and what is measured are this far apart at least. */
    private static final int BAGS_A_KILL = 400;

    /**
     * RocksDB gathers the files of {@code GATHERED_FILES} checkpoints before it merges them; within less than that time its
     * size says nothing.
     */
    private static final int SECONDS_A_SWING = 150;

    SoakPlan {
        if (kills < 0 || bags < BAGS_A_KILL * Math.max(1, kills)) {
            throw new UsageException(
                    "--bags: expected at least %d for each of the --kills, got %d bags and %d kills; more of the first or less of the second"
                            .formatted(BAGS_A_KILL, bags, kills));
        }
        if (labelled < 1 || labelled > bags / 4) {
            throw new UsageException("--labelled: expected 1 to a quarter of the " + bags + " bags, got " + labelled);
        }
        if (!(rate > 0)) {
            throw new UsageException("--rate: expected more than 0, got " + rate);
        }
    }

    /** Whether a quarter of it lasts long enough to tell whether something grows. */
    boolean levels() {
        return bags / rate / 4 >= SECONDS_A_SWING;
    }

    /** Whether a task manager is killed after a bag. */
    boolean kills(int bag) {
        return kill(bag) >= 0;
    }

    /** Whether the job manager is killed as well, while the task manager is down. */
    boolean killsJobManager(int bag) {
        return kill(bag) == kills / 2;
    }

    /** Which kill comes after a bag; -1 where none does. */
    private int kill(int bag) {
        for (int kill = 0; kill < kills; kill++) {
            if (bag == (int) ((kill + 0.5) * bags / kills)) {
                return kill;
            }
        }
        return -1;
    }
}
