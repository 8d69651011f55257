package io.gmil.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What an offline fit came to.
 *
 * @param training figures of the samples it learnt
 * @param test figures of the others; all null where there are none
 * @param leaveOneOut figures of the samples it learnt, each predicted as if it had not been; null where not asked for
 */
public record FitTable(Figures training, Figures test, Figures leaveOneOut) {

    private static final Figures UNKNOWN = new Figures(null, null, null, null, null);

    /** Several lines without a line end at the end; what is not known is left out. */
    public String text() {
        boolean tested = test.logLoss() != null || test.rhoBag() != null || test.aucInstance() != null;
        List<String> lines = new ArrayList<>();
        lines.add(row("", "training", tested ? "test" : "", leaveOneOut == null ? "" : "leave-one-out", ""));
        add(lines, "AUC", Figures::auc, "1 is perfect, .5 is a coin");
        add(lines, "log loss", Figures::logLoss, "lower is better, .693 is a coin");
        add(lines, "Brier", Figures::brier, "lower is better, .250 is a coin");
        add(lines, "rho of bag effect", Figures::rhoBag, "rank correlation with the true effects");
        add(lines, "AUC of attention", Figures::aucInstance, "finds the tenth of the cells that matter most");
        return String.join("\n", lines);
    }

    private void add(List<String> lines, String name, Function<Figures, Double> of, String note) {
        Double left = of.apply(leaveOneOut == null ? UNKNOWN : leaveOneOut);
        if (of.apply(training) != null || of.apply(test) != null || left != null) {
            lines.add(row(name, figure(of.apply(training)), figure(of.apply(test)), figure(left), note));
        }
    }

    private String row(String name, String training, String test, String left, String note) {
        String third = leaveOneOut == null ? "" : String.format(Locale.ROOT, "%15s", left);
        return String.format(Locale.ROOT, "%-18s%8s%8s%s   %s", name, training, test, third, note)
                .stripTrailing();
    }

    private static String figure(Double value) {
        return value == null ? "" : String.format(Locale.ROOT, "%.3f", value);
    }
}
