package io.gmil.cli.chaos;

/** What goes wrong while a portion of a cohort is streaming in. */
enum Fault {
    NONE("nothing goes wrong"),
    KILL_IN_MID_BAG("kill -9 of a task manager, bags half read"),
    KILL_BEFORE_LEARNING("kill -9 of a task manager, predicted but not learnt"),
    KILL_IN_CHECKPOINT("kill -9 of a task manager, during a checkpoint"),
    KILL_IN_ERASURE("kill -9 of a task manager, during an erasure"),
    KILL_ALL_TASK_MANAGERS("kill -9 of every task manager"),
    KILL_JOB_MANAGER("kill -9 of the job manager"),
    RESTART_BROKER("broker stopped and started again"),
    KILL_BROKER("kill -9 of the broker"),
    CUT_NETWORK("30 s without network between job and broker"),
    LOSE_CHECKPOINT_FOLDER("checkpoint folder cannot be written for 20 s"),
    POISON("poison records of every kind"),
    RESCALE_UP("savepoint, resumed at parallelism 4"),
    RESCALE_DOWN("savepoint, resumed at parallelism 1"),
    KILL_AT_RANDOM("5 kills -9 of task managers at random");

    private final String description;

    Fault(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }
}
