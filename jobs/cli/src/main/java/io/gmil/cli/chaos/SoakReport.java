package io.gmil.cli.chaos;

import io.gmil.cli.chaos.Move.Kind;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Says of a soak whether every count adds up. */
final class SoakReport {

    private final PrintWriter out;
    private boolean sound = true;

    SoakReport(PrintWriter out) {
        this.out = out;
    }

    /** Whether all that was checked so far is as it should be. */
    boolean sound() {
        return sound;
    }

    /**
     * Prints everything about a run.
     *
     * @param finished whether all of it came back; of one that did not only what was read is told
     */
    void print(Soak soak, boolean finished) throws Exception {
        counts(soak);
        sound &= finished;
        if (finished) {
            sizes(state(soak));
        }
        levels(soak.levels());
    }

    private void counts(Soak soak) {
        Population population = soak.population();
        SoakOutputs outputs = soak.outputs();
        out.printf("%n%-48s %12s %12s%n", "", "expected", "got");
        count("predictions of revisions of bags, each once", population.bags(), outputs.arrivals());
        count("  lost", 0, outputs.lost());
        count("  doubled, or of bags never sent", 0, outputs.doubled());
        count("receipts PENDING", population.count(Kind.ERASE), outputs.pending());
        count("receipts COMPLETE", population.count(Kind.ERASE), outputs.complete());
        count("  doubled", 0, outputs.doubledReceipts());
        count("dead letters: late records of the erased", soak.refused(), outputs.deadLetters());
        count("labelled bags in the posterior", population.labelled(), outputs.labelledBags());
    }

    private SavepointSizes state(Soak soak) throws Exception {
        Population population = soak.population();
        String savepoint = soak.job().savepoint();
        for (SavepointSums sums : SavepointSums.read(savepoint, soak.job().config())) {
            count("  in the learner of the savepoint", population.labelled(), sums.labelledBags());
            line("  sums: relative difference to those of sites", "<= 1e-9", "%.1e", sums.difference(), sums.exact());
        }
        SavepointSizes sizes = SavepointSizes.read(savepoint);
        long bags = sizes.of(SavepointSizes.KEPT).entries()
                + sizes.of(SavepointSizes.DROPPED).entries();
        count(
                "bags in state: labelled, and those that wait to go",
                population.labelled() + sizes.of(SavepointSizes.UNLABELLED).entries(),
                bags);
        count("patients in state", bags, sizes.of(SavepointSizes.PATIENTS).entries());
        count(
                "sites in state",
                population.labelled(),
                sizes.of(SavepointSizes.SITES).entries());
        return sizes;
    }

    private void sizes(SavepointSizes sizes) {
        out.printf(
                "%n%-48s %12s %12s %12s%n", "state of the bags in a canonical savepoint", "entries", "bytes", "each");
        sizes.all()
                .forEach((name, size) -> out.printf(
                        Locale.ROOT,
                        "%-48s %12d %12d %12d%n",
                        name,
                        size.entries(),
                        size.bytes(),
                        size.bytes() / size.entries()));
    }

    private void levels(List<Levelling> levels) {
        if (levels.isEmpty()) {
            out.printf("%ntoo short a run to tell whether heap and state level off%n");
            return;
        }
        out.printf("%n%-48s %12s %12s %12s%n", "MB, mean of a quarter of the bags", "second", "at most", "last");
        for (Levelling level : levels) {
            sound &= level.level();
            out.printf(
                    Locale.ROOT,
                    "%-48s %12.1f %12.1f %12.1f%s%n",
                    level.name(),
                    level.second(),
                    level.most(),
                    level.last(),
                    mark(level.level()));
        }
    }

    private void count(String what, long expected, long got) {
        line(what, Long.toString(expected), "%d", got, expected == got);
    }

    private void line(String what, String expected, String format, Object got, boolean asExpected) {
        sound &= asExpected;
        out.printf("%-48s %12s %12s%s%n", what, expected, String.format(Locale.ROOT, format, got), mark(asExpected));
    }

    private static String mark(boolean asExpected) {
        return asExpected ? "" : "  !";
    }
}
