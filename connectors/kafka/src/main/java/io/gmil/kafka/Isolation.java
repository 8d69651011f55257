package io.gmil.kafka;

/** Which records of open or aborted transactions a reader sees. */
public enum Isolation {
    /** Only those of committed transactions, in order: what a checkpoint has confirmed. */
    COMMITTED("read_committed"),
    /** All of them, at once. */
    UNCOMMITTED("read_uncommitted");

    private final String level;

    Isolation(String level) {
        this.level = level;
    }

    String level() {
        return level;
    }
}
