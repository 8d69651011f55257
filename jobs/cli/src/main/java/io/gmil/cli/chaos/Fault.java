package io.gmil.cli.chaos;

import java.time.Duration;

/** What goes wrong while a portion of a cohort is streaming in. */
enum Fault {
    NONE("nothing goes wrong", 1),
    KILL_IN_MID_BAG("kill -9 of a task manager, bags half read", 20),
    KILL_BEFORE_LEARNING("kill -9 of a task manager, predicted but not learnt", 10),
    KILL_IN_CHECKPOINT("kill -9 of a task manager, during a checkpoint", 15),
    KILL_IN_ERASURE("kill -9 of task managers, during an erasure", 15),
    KILL_ALL_TASK_MANAGERS("kill -9 of every task manager", 15),
    KILL_JOB_MANAGER("kill -9 of the job manager", 10),
    RESTART_BROKER("broker stopped and started again", 10),
    KILL_BROKER("kill -9 of the broker", 10),
    CUT_NETWORK("%d s without network between job and broker", 30),
    LOSE_CHECKPOINT_FOLDER("checkpoint folder cannot be written for 20 s", 20),
    POISON("poison records of every kind", 5),
    RESCALE_UP("savepoint, resumed at parallelism 4", 10),
    RESCALE_DOWN("savepoint, resumed at parallelism 1", 10),
    KILL_AT_RANDOM("5 kills -9 of task managers at random", 60);

    private final String description;
    private final int seconds;

    Fault(String description, int seconds) {
        this.description = description;
        this.seconds = seconds;
    }

    /** @param cutSeconds without network */
    String description(int cutSeconds) {
        return description.formatted(cutSeconds);
    }

    /** How long records are made to last that come meanwhile: about as long as it takes; what is left then comes at once. */
    Duration lasting() {
        return Duration.ofSeconds(seconds);
    }
}
