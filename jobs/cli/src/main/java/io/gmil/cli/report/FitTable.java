package io.gmil.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * What an offline fit came to, for one outcome.
 *
 * @param outcome its name
 * @param training figures of the samples it learnt
 * @param test figures of the others
 * @param leaveOneOut figures of the samples it learnt, each predicted as if it had not been; null where not asked for
 * @param bound evidence lower bound in nats; null where there is none
 */
public record FitTable(
        String outcome, OutcomeFigures training, OutcomeFigures test, OutcomeFigures leaveOneOut, Double bound) {

    /** Several outcomes one below the other, each with its name; one without. */
    public static String text(List<FitTable> outcomes) {
        if (outcomes.size() == 1) {
            return outcomes.get(0).text("");
        }
        return String.join(
                "\n\n",
                outcomes.stream().map(table -> table.text(table.outcome)).toList());
    }

    /** Several lines without a line end at the end; what is not known is left out. */
    private String text(String title) {
        List<String> lines = new ArrayList<>();
        lines.add(row(title, "training", test.known() ? "test" : "", leaveOneOut == null ? "" : "leave-one-out", ""));
        boolean classes = training.accuracy() != null;
        add(
                lines,
                "AUC",
                OutcomeFigures::auc,
                classes ? "mean over classes, each against all others" : "1 is perfect, .5 is a coin");
        add(lines, "accuracy", OutcomeFigures::accuracy, "the most probable class is the right one");
        add(
                lines,
                "log loss",
                OutcomeFigures::logLoss,
                classes ? "lower is better" : "lower is better, .693 is a coin");
        add(
                lines,
                "Brier",
                OutcomeFigures::brier,
                classes ? "lower is better, summed over classes" : "lower is better, .250 is a coin");
        add(lines, "R2", OutcomeFigures::r2, "share of the variance that is explained");
        add(lines, "RMSE", OutcomeFigures::rmse, "in the unit of the label");
        add(lines, "rho of bag effect", OutcomeFigures::rhoBag, "rank correlation with the true effects");
        add(lines, "AUC of attention", OutcomeFigures::aucInstance, "finds the tenth of the cells that matter most");
        if (bound != null) {
            String figure = String.format(Locale.ROOT, "%.1f", bound);
            lines.add(row("ELBO", figure, "", "", "evidence lower bound, nats; compare fits of the same samples"));
        }
        return String.join("\n", lines);
    }

    private void add(List<String> lines, String name, Function<OutcomeFigures, Double> of, String note) {
        Double left = of.apply(leaveOneOut == null ? OutcomeFigures.UNKNOWN : leaveOneOut);
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
