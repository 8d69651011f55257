package io.gmil.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run came to, for a newcomer's eyes. */
public final class ClosingTable {

    private final Summary summary;

    public ClosingTable(Summary summary) {
        this.summary = summary;
    }

    /** Several lines without a line end at the end; what is known of neither model is left out. */
    public String text() {
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(row("", "GMIL", "mean pooling", ""));
        addTest(lines, summary.test(), summary.baseline());
        addPrequential(lines, summary.prequential());
        lines.add("");
        lines.add(counts());
        return String.join("\n", lines);
    }

    private void addTest(List<String> lines, Figures gmil, Figures pooling) {
        add(lines, "test AUC", gmil.auc(), pooling.auc(), "on " + summary.testBags() + " bags that were never learnt");
        add(lines, "test log loss", gmil.logLoss(), pooling.logLoss(), "lower is better, .693 is a coin");
        add(lines, "test Brier", gmil.brier(), pooling.brier(), "lower is better, .250 is a coin");
        add(lines, "rho of bag effect", gmil.rhoBag(), pooling.rhoBag(), "rank correlation with the true effects");
        add(
                lines,
                "AUC of attention",
                gmil.aucInstance(),
                pooling.aucInstance(),
                "finds the tenth of the cells that matter most");
    }

    private static void addPrequential(List<String> lines, Summary.Prequential before) {
        add(lines, "prequential AUC", before.auc(), null, "each training bag predicted before it was learnt");
        add(lines, "prequential log loss", before.logLoss(), null, "");
    }

    private static void add(List<String> lines, String name, Double gmil, Double pooling, String note) {
        if (gmil != null || pooling != null) {
            lines.add(row(name, figure(gmil), figure(pooling), note));
        }
    }

    private String counts() {
        return String.format(
                Locale.ROOT,
                "%d bags (%d learnt, %d test), %d cells in %.1f s; posterior version %d",
                summary.bags(),
                summary.labelledBags(),
                summary.testBags(),
                summary.cells(),
                summary.seconds(),
                summary.posteriorVersion());
    }

    private static String row(String name, String gmil, String pooling, String note) {
        return String.format(Locale.ROOT, "%-22s%8s%15s   %s", name, gmil, pooling, note)
                .stripTrailing();
    }

    private static String figure(Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.3f", value);
    }
}
