package io.gmil.cli;

import io.gmil.cli.watch.Display;
import io.gmil.cli.watch.ProgressBar;
import java.io.PrintWriter;
import java.util.function.IntConsumer;

/** How many bags of a simulation are drawn, on a terminal; elsewhere nothing. Told by several threads. */
final class SimulationDisplay implements IntConsumer, AutoCloseable {

    private final int all;
    private final Display display;
    private final boolean terminal;
    private int done;

    SimulationDisplay(int all, PrintWriter out, boolean terminal) {
        this.all = all;
        this.display = new Display(out, terminal);
        this.terminal = terminal;
    }

    @Override
    public synchronized void accept(int bags) {
        done += bags;
        long now = System.nanoTime();
        if (terminal && (done == all || display.due(now))) {
            display.status(ProgressBar.of("bags", done, all), now);
        }
    }

    @Override
    public synchronized void close() {
        display.close();
    }
}
