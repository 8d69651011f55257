package io.gmil.cli.watch;

import java.io.PrintWriter;
import java.time.Duration;

/** Shows a line that changes: in place on a terminal, else as a line every few seconds. Belongs to one thread. */
public final class Display implements AutoCloseable {

    private static final String START_OF_EMPTY_LINE = "\r\u001b[2K";
    // A line longer than the terminal would wrap, and the next one could not replace it.
    private static final String CUT_LINES = "\u001b[?7l";
    private static final String WRAP_LINES = "\u001b[?7h";
    private static final Duration ON_TERMINAL = Duration.ofMillis(500);
    private static final Duration ELSEWHERE = Duration.ofSeconds(4);

    private final PrintWriter out;
    private final boolean terminal;
    private long shownAt = Long.MIN_VALUE;
    private boolean lineIsOpen;

    public Display(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Whether standard output is a terminal that understands cursor movement. */
    @SuppressWarnings("SystemConsoleNull") // Not null without a terminal from JDK 22 on; this runs on 17.
    public static boolean onTerminal() {
        return System.console() != null && !"dumb".equals(System.getenv("TERM"));
    }

    /** Whether it is time for {@link #status} again. */
    public boolean due(long nanoTime) {
        Duration pause = terminal ? ON_TERMINAL : ELSEWHERE;
        return shownAt == Long.MIN_VALUE || nanoTime - shownAt >= pause.toNanos();
    }

    /** Replaces the status line. */
    public void status(String line, long nanoTime) {
        shownAt = nanoTime;
        if (terminal) {
            out.print(START_OF_EMPTY_LINE + CUT_LINES + line + WRAP_LINES);
            lineIsOpen = true;
        } else {
            out.println(line);
        }
        out.flush();
    }

    /** Prints lines that stay. */
    public void println(String lines) {
        if (lineIsOpen) {
            out.print(START_OF_EMPTY_LINE);
            lineIsOpen = false;
        }
        out.println(lines);
        out.flush();
    }

    /** Leaves the last status line on the terminal. */
    @Override
    public void close() {
        if (lineIsOpen) {
            out.println();
            out.flush();
            lineIsOpen = false;
        }
    }
}
