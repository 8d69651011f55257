package io.gmil.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What an offline fit came to.
 *
 * @param training figures of the samples it learnt
 * @param test figures of the others; all null where there are none
 */
public record FitTable(Figures training, Figures test) {

    /** Several lines without a line end at the end; what is not known is left out. */
    public String text() {
        boolean tested = test.logLoss() != null || test.rhoBag() != null || test.aucInstance() != null;
        List<String> lines = new ArrayList<>();
        lines.add(row("", "training", tested ? "test" : "", ""));
        add(lines, "AUC", training.auc(), test.auc(), "1 is perfect, .5 is a coin");
        add(lines, "log loss", training.logLoss(), test.logLoss(), "lower is better, .693 is a coin");
        add(lines, "Brier", training.brier(), test.brier(), "lower is better, .250 is a coin");
        add(lines, "rho of bag effect", training.rhoBag(), test.rhoBag(), "rank correlation with the true effects");
        add(
                lines,
                "AUC of attention",
                training.aucInstance(),
                test.aucInstance(),
                "finds the tenth of the cells that matter most");
        return String.join("\n", lines);
    }

    private static void add(List<String> lines, String name, Double training, Double test, String note) {
        if (training != null || test != null) {
            lines.add(row(name, figure(training), figure(test), note));
        }
    }

    private static String row(String name, String training, String test, String note) {
        return String.format(Locale.ROOT, "%-18s%8s%8s   %s", name, training, test, note)
                .stripTrailing();
    }

    private static String figure(Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.3f", value);
    }
}
