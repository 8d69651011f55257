package io.gmil.cli.report;

import java.util.Locale;

/** What a run came to, for a newcomer's eyes. */
public final class ClosingTable {

    private final Summary summary;

    public ClosingTable(Summary summary) {
        this.summary = summary;
    }

    /** Several lines without a line end at the end. */
    public String text() {
        Figures gmil = summary.test();
        Figures pooling = summary.baseline();
        Summary.Prequential before = summary.prequential();
        String test = summary.testBags() == 0 ? "no test bags" : summary.testBags() + " bags that were never learnt";
        return String.join(
                "\n",
                "",
                row("", "GMIL", "mean pooling", ""),
                row("test AUC", figure(gmil.auc()), figure(pooling.auc()), test),
                row(
                        "test log loss",
                        figure(gmil.logLoss()),
                        figure(pooling.logLoss()),
                        "lower is better, .693 is a coin"),
                row("test Brier", figure(gmil.brier()), figure(pooling.brier()), "lower is better, .250 is a coin"),
                row(
                        "rho of bag effect",
                        figure(gmil.rhoBag()),
                        figure(pooling.rhoBag()),
                        "rank correlation with the true effects"),
                row(
                        "AUC of attention",
                        figure(gmil.aucInstance()),
                        figure(pooling.aucInstance()),
                        "finds the tenth of the cells that matter most"),
                row("prequential AUC", figure(before.auc()), "", "each training bag predicted before it was learnt"),
                row("prequential log loss", figure(before.logLoss()), "", ""),
                "",
                String.format(
                        Locale.ROOT,
                        "%d bags (%d learnt, %d test), %d cells in %.1f s; posterior version %d",
                        summary.bags(),
                        summary.labelledBags(),
                        summary.testBags(),
                        summary.cells(),
                        summary.seconds(),
                        summary.posteriorVersion()));
    }

    private static String row(String name, String gmil, String pooling, String note) {
        return String.format(Locale.ROOT, "%-22s%8s%15s   %s", name, gmil, pooling, note)
                .stripTrailing();
    }

    private static String figure(Double value) {
        return value == null ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
