package io.gmil.cli.chaos;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Trials as lines, each beside what it is compared with. */
final class ChaosTable {

    private final PrintWriter out;
    private boolean sound = true;

    ChaosTable(PrintWriter out) {
        this.out = out;
    }

    void head(String what) {
        out.printf(
                "%n%-52s %8s %5s %8s %9s %9s %6s %7s%n",
                what, "samples", "lost", "doubled", "recovery", "labelled", "sums", "rho");
        out.flush();
    }

    void line(String what, Trial trial, Trial undisturbed) {
        boolean good = trial.sound(undisturbed);
        sound &= good;
        out.printf(
                Locale.ROOT,
                "%-52s %8d %5d %8d %9s %9d %6s %7.3f (%.3f)%s%n",
                what,
                trial.samples(),
                Trial.sum(trial.lost()),
                Trial.sum(trial.doubled()),
                Double.isNaN(trial.recovery()) ? "never" : String.format(Locale.ROOT, "%.1f s", trial.recovery()),
                trial.labelled(),
                trial.exact() ? "exact" : "wrong",
                trial.rho(),
                undisturbed.rho(),
                good ? "" : "  !");
        notes(trial);
        out.flush();
    }

    /** Only what is not as it should be. */
    void notes(Trial trial) {
        note("lost", trial.lost());
        note("doubled", trial.doubled());
        if (trial.labelled() != trial.expectedLabelled()) {
            line("  expected " + trial.expectedLabelled() + " labelled bags, got " + trial.labelled(), false);
        }
        trial.flaws().forEach(flaw -> line("  " + flaw, false));
    }

    private void note(String what, Map<String, Integer> counts) {
        if (Trial.sum(counts) > 0) {
            line(
                    counts.entrySet().stream()
                            .filter(count -> count.getValue() > 0)
                            .map(count -> count.getValue() + " " + count.getKey())
                            .collect(Collectors.joining(", ", "  " + what + ": ", "")),
                    false);
        }
    }

    /** A line of text that may say that something is not as it should be. */
    void line(String text, boolean good) {
        sound &= good;
        out.println(text + (good ? "" : "  !"));
        out.flush();
    }

    /** Whether all lines are as they should be. */
    boolean sound() {
        return sound;
    }
}
