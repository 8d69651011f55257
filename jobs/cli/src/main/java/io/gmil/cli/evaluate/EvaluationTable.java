package io.gmil.cli.evaluate;

import io.gmil.cli.evaluate.EvaluationReport.ModelFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** The figures for a person's eyes. */
final class EvaluationTable {

    /** What a model may be judged by; a label has some of them. */
    private record Column(String title, Function<ModelFigures, Spread> figure) {
        boolean known(EvaluationReport report) {
            return report.models().values().stream()
                    .anyMatch(model -> figure.apply(model).mean() != null);
        }
    }

    private static final List<Column> COLUMNS = List.of(
            new Column("AUC", ModelFigures::auc),
            new Column("accuracy", ModelFigures::accuracy),
            new Column("log loss", ModelFigures::logLoss),
            new Column("Brier", ModelFigures::brier),
            new Column("calibration slope", ModelFigures::calibrationSlope),
            new Column("R2", ModelFigures::r2),
            new Column("RMSE", ModelFigures::rmse),
            new Column("90 % of labels", ModelFigures::labelCoverage90),
            new Column("90 % coverage", ModelFigures::coverage90),
            new Column("not centred", ModelFigures::coverage90Uncentred));

    private EvaluationTable() {}

    /** Several lines without a line end at the end. */
    static String of(EvaluationReport report) {
        List<Column> columns =
                COLUMNS.stream().filter(column -> column.known(report)).toList();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add(row("", columns.stream().map(column -> column.title).toList()));
        for (EvaluatedModel model : EvaluatedModel.values()) {
            ModelFigures figures = report.models().get(model.toString());
            String title = model.title(report.headCount());
            if (figures != null) {
                lines.add(row(
                        title,
                        columns.stream()
                                .map(column -> text(column.figure.apply(figures)))
                                .toList()));
            } else if (report.absent().contains(model.toString())) {
                lines.add(row(title, List.of("absent: " + report.absentBecause().get(model.toString()))));
            }
        }
        lines.add("");
        addHelped(report, lines);
        lines.add(counts(report));
        return String.join("\n", lines);
    }

    private static void addHelped(EvaluationReport report, List<String> lines) {
        String heads = EvaluatedModel.HEADS.title(report.headCount());
        add(lines, "attention", report.attentionHelped(), "mean pooling", report.repeats());
        add(lines, heads, report.headsHelped(), "GMIL", report.repeats());
        add(lines, "random intercept", report.randomInterceptHelped(), "GMIL", report.repeats());
    }

    private static void add(List<String> lines, String what, Comparison comparison, String against, int repeats) {
        if (comparison == null) {
            return;
        }
        boolean number = comparison.r2().mean() != null;
        Spread difference = number ? comparison.r2() : comparison.auc();
        lines.add(String.format(
                Locale.ROOT,
                "%s: %s %+.3f%s against %s, better in %d of %d repeats",
                what,
                number ? "R2" : "AUC",
                difference.mean() == null ? 0.0 : difference.mean(),
                difference.sd() == null ? "" : String.format(Locale.ROOT, " ± %.3f", difference.sd()),
                against,
                Math.round(comparison.positive() * repeats),
                repeats));
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

    private static String row(String name, List<String> figures) {
        StringBuilder row = new StringBuilder(String.format(Locale.ROOT, "%-18s", name));
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
