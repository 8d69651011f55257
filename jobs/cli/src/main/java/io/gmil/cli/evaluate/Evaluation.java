package io.gmil.cli.evaluate;

import io.gmil.cli.offline.CohortBags;
import io.gmil.cli.watch.Display;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.cohort.Sample;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Cross-validates models on one cohort and shows how far it is.
 *
 * @param models to compare
 * @param folds of each repeat
 * @param repeats of the cross-validation
 * @param outcomes the cohort was opened with; the first is evaluated
 * @param seed of folds and fits
 */
public record Evaluation(List<EvaluatedModel> models, int folds, int repeats, List<OutcomeOptions> outcomes, long seed) {

    private static final int BAR = 30;

    /** Reads the cohort, fits every fold, and prints a table. */
    public EvaluationReport run(Cohort cohort, PrintWriter console) throws IOException, InterruptedException {
        Folds.require(cohort.samples(), folds, outcomes.get(0).trials());
        try (Display display = new Display(console, Display.onTerminal())) {
            display.println(cohort.description());
            EvaluationReport report = evaluate(CohortBags.read(cohort, outcomes), display);
            display.println(EvaluationTable.of(report));
            return report;
        }
    }

    private EvaluationReport evaluate(CohortBags bags, Display display) throws InterruptedException {
        CrossValidation validation = new CrossValidation(bags, models, folds, repeats, seed);
        long began = System.nanoTime();
        int threads = Runtime.getRuntime().availableProcessors();
        Map<EvaluatedModel, List<RepeatFigures>> figures = validation.run(threads, done -> {
            if (display.due(System.nanoTime())) {
                display.status(progress(done, validation.fits()), System.nanoTime());
            }
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        List<Sample> labelled = bags.samples().stream()
                .filter(sample -> sample.label().isPresent())
                .toList();
        return new EvaluationReport(
                folds,
                repeats,
                seed,
                labelled.size(),
                labelled.stream().mapToLong(Sample::cells).sum(),
                seconds,
                EvaluationReport.models(figures),
                EvaluationReport.attentionHelped(figures));
    }

    static String progress(int done, int of) {
        int filled = (int) ((long) BAR * done / of);
        return String.format(Locale.ROOT, "[%s%s] fits %d/%d", "#".repeat(filled), "-".repeat(BAR - filled), done, of);
    }
}
