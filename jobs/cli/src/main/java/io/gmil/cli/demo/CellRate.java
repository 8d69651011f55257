package io.gmil.cli.demo;

import io.gmil.cli.watch.Snapshot;

/** Cells of completed bags a second, on average since the start; stands still once every bag is complete. */
final class CellRate {

    private static final double NANOS = 1e9;

    private final long start;
    private long cells;
    private double rate;

    CellRate(long startNanos) {
        this.start = startNanos;
    }

    double at(long nanoTime, Snapshot now) {
        boolean running = now.complete() < now.bags();
        if (nanoTime > start && (running || now.cells() > cells)) {
            cells = now.cells();
            rate = cells / ((nanoTime - start) / NANOS);
        }
        return rate;
    }
}
