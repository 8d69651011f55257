package io.gmil.cli.evaluate;

import io.gmil.cli.evaluate.EvaluationReport.Comparison;
import io.gmil.cli.evaluate.EvaluationReport.ModelFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures for a person's eyes. */
final class EvaluationTable {

    private EvaluationTable() {}

    /** Several lines without a line end at the end. */
    static String of(EvaluationReport report) {
        boolean coverage = report.models().values().stream()
                .anyMatch(model -> model.coverage90().mean() != null);
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(row("", "AUC", "log loss", "Brier", "calibration slope", coverage ? "90 % coverage" : ""));
        for (EvaluatedModel model : EvaluatedModel.values()) {
            ModelFigures figures = report.models().get(model.toString());
            if (figures != null) {
                lines.add(row(
                        model.title(),
                        text(figures.auc()),
                        text(figures.logLoss()),
                        text(figures.brier()),
                        text(figures.calibrationSlope()),
                        coverage ? text(figures.coverage90()) : ""));
            }
        }
        lines.add("");
        if (report.attentionHelped() != null) {
            lines.add(helped(report.attentionHelped(), report.repeats()));
        }
        lines.add(counts(report));
        return String.join("\n", lines);
    }

    private static String helped(Comparison comparison, int repeats) {
        Spread auc = comparison.auc();
        return String.format(
                Locale.ROOT,
                "attention: AUC %+.3f%s against mean pooling, better in %d of %d repeats",
                auc.mean() == null ? 0.0 : auc.mean(),
                auc.sd() == null ? "" : String.format(Locale.ROOT, " ± %.3f", auc.sd()),
                Math.round(comparison.positive() * repeats),
                repeats);
    }

    private static String counts(EvaluationReport report) {
        return String.format(
                Locale.ROOT,
                "%d bags, %d cells; %d folds × %d, seed %d; %.1f s",
                report.bags(),
                report.cells(),
                report.folds(),
                report.repeats(),
                report.seed(),
                report.seconds());
    }

    private static String row(String name, String... figures) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-16s", name));
        for (String figure : figures) {
            row.append(String.format(Locale.ROOT, "%-16s", figure));
            row.append("  ");
        }
        return row.toString().stripTrailing();
    }

    private static String text(Spread figure) {
        if (figure.mean() == null) {
            return "-";
        }
        String mean = String.format(Locale.ROOT, "%.3f", figure.mean());
        return figure.sd() == null ? mean : mean + String.format(Locale.ROOT, " ± %.3f", figure.sd());
    }
}
