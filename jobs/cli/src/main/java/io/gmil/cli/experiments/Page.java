package io.gmil.cli.experiments;

import io.gmil.cli.evaluate.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The results as a page of Markdown, with the plots beside it. */
final class Page {

    private final Authors authors;
    private final List<String> lines = new ArrayList<>();

    Page(Authors authors) {
        this.authors = authors;
    }

    /** The whole page. */
    String of(List<Result> results) {
        Scale scale = results.get(0).scale();
        add("# Experiments");
        add("`./gmil experiments" + (scale.quick() ? " --quick" : "") + " --seed " + scale.seed() + " --outcomes "
                + scale.outcomes() + "`, " + scale.passes() + " passes a fit. Figures are of test bags, mean ± standard"
                + " deviation over outcomes and cohorts; `experiments.json` has those of every fit.");
        if (scale.quick()) {
            add(
                    "A quick run: it shows that everything works. Its cohorts are too small for its figures to mean anything.");
        } else {
            add("Columns and dashed lines *authors* are of other software and other cohorts. " + authors.source());
        }
        results.forEach(this::section);
        return String.join("\n", lines);
    }

    private void add(String paragraph) {
        lines.add(paragraph);
        lines.add("");
    }

    private void section(Result result) {
        Experiment experiment = result.experiment();
        add("## " + experiment.title() + " (`" + result.name() + "`)");
        add(experiment.question());
        add(experiment.setting(result.scale()));
        table(result);
        StringBuilder plots = new StringBuilder();
        for (Figure figure : experiment.plotted()) {
            plots.append(String.format(Locale.ROOT, "![%s](%s) ", figure.title(), Plot.file(result.name(), figure)));
        }
        add(plots.toString().strip());
        differences(result);
        add(String.format(Locale.ROOT, "%d fits, %.0f s.", result.fits().size(), result.seconds()));
    }

    private void table(Result result) {
        List<Figure> ofAuthors = result.experiment().tabled().stream()
                .filter(figure -> knownToAuthors(result, figure))
                .toList();
        List<String> head = new ArrayList<>(List.of(result.experiment().variable(), "model"));
        result.experiment().tabled().forEach(figure -> head.add(figure.title()));
        ofAuthors.forEach(figure -> head.add("authors: " + figure.title()));
        row(head);
        row(head.stream().map(column -> "---").toList());
        for (String setting : result.rows()) {
            for (String model : Measured.models(result.fits())) {
                cells(result, setting, model, ofAuthors);
            }
        }
        lines.add("");
    }

    private void cells(Result result, String setting, String model, List<Figure> ofAuthors) {
        List<String> cells = new ArrayList<>(List.of(setting, model));
        for (Figure figure : result.experiment().tabled()) {
            Spread spread = Measured.spread(result.fits(), setting, model, figure);
            cells.add(figure.text(spread));
        }
        // A model that was not fitted here has no row.
        if (result.fits().stream()
                .noneMatch(fit -> fit.model().equals(model)
                        && (setting.equals(Measured.ALL) || fit.setting().equals(setting)))) {
            return;
        }
        ofAuthors.forEach(figure -> cells.add(figure.text(published(result, setting, model, figure))));
        row(cells);
    }

    private boolean knownToAuthors(Result result, Figure figure) {
        return result.rows().stream().anyMatch(setting -> Measured.models(result.fits()).stream()
                .anyMatch(model -> published(result, setting, model, figure) != null));
    }

    private Spread published(Result result, String setting, String model, Figure figure) {
        return result.scale().quick() ? null : authors.figure(result.name(), setting, model, figure);
    }

    private void differences(Result result) {
        Contrast contrast = result.experiment().contrast();
        row(List.of(
                result.experiment().variable(),
                contrast.figure().title() + ": " + contrast.model() + " − " + contrast.other(),
                "higher in"));
        row(List.of("---", "---", "---"));
        for (Contrast.Difference difference : result.differences()) {
            row(List.of(
                    difference.setting(),
                    contrast.figure().text(difference.difference()),
                    difference.higher() + " of " + difference.of()));
        }
        lines.add("");
    }

    private void row(List<String> cells) {
        lines.add("| " + String.join(" | ", cells) + " |");
    }
}
