package io.gmil.cli;

import io.gmil.cli.watch.Display;
import io.gmil.model.FitProgress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How far a fit is, on a terminal; elsewhere nothing, since the figures come soon or are read much later. */
final class FitDisplay implements FitProgress, AutoCloseable {

    private static final int BAR = 30;

    private final Display display;
    private final boolean terminal;
    private final long began = System.nanoTime();

    FitDisplay(PrintWriter out, boolean terminal) {
        this.display = new Display(out, terminal);
        this.terminal = terminal;
    }

    @Override
    public void pass(int done, int of) {
        long now = System.nanoTime();
        if (terminal && (done == of || display.due(now))) {
            display.status(line(done, of, TimeUnit.NANOSECONDS.toSeconds(now - began)), now);
        }
    }

    static String line(int done, int of, long seconds) {
        int filled = (int) ((long) BAR * done / of);
        return String.format(
                Locale.ROOT,
                "[%s%s] passes %d/%d, %d s",
                "#".repeat(filled),
                "-".repeat(BAR - filled),
                done,
                of,
                seconds);
    }

    @Override
    public void close() {
        display.close();
    }
}
