package io.gmil.cli.watch;

import java.util.Locale;

/** How much of a known amount of work is done, in one line. */
public final class ProgressBar {

    private static final int WIDTH = 30;

    private ProgressBar() {}

    /** @param what is counted, in the plural */
    public static String of(String what, long done, long all) {
        int filled = all == 0 ? WIDTH : (int) (WIDTH * done / all);
        return String.format(
                Locale.ROOT, "[%s%s] %s %d/%d", "#".repeat(filled), "-".repeat(WIDTH - filled), what, done, all);
    }
}
