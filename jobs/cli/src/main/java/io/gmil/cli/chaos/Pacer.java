package io.gmil.cli.chaos;

import java.io.IOException;

/** Keeps a rate; the time that something else took is not made up for. */
final class Pacer {

    /** What is done instead of waiting. */
    interface Pastime {
        void pass() throws IOException;
    }

    private static final long SECOND = 1_000_000_000L;

    private final double rate;
    private long began = System.nanoTime();
    private long passed;

    /** @param rate calls a second */
    Pacer(double rate) {
        this.rate = rate;
    }

    /** Counts from now on. */
    void restart() {
        began = System.nanoTime();
        passed = 0;
    }

    /** Returns when it is time for the next. */
    void await(Pastime pastime) throws IOException {
        passed++;
        while (System.nanoTime() - began < passed * SECOND / rate) {
            pastime.pass();
        }
    }
}
