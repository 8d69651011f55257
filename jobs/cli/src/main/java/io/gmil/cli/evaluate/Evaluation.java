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
 * @param heads of the model that has several
 * @param folds of each repeat
 * @param repeats of the cross-validation
 * @param outcome that the cohort was opened with, the only one
 * @param seed of folds and fits
 */
public record Evaluation(
        List<EvaluatedModel> models, int heads, int folds, int repeats, OutcomeOptions outcome, long seed) {

    private static final int BAR = 30;

    /** Models that cannot learn the outcome, which are left out: the network knows counts only. */
    List<EvaluatedModel> absent() {
        return models.stream()
                .filter(model -> !model.learns(outcome.likelihood()))
                .toList();
    }

    /** The others. */
    List<EvaluatedModel> fitted() {
        return models.stream()
                .filter(model -> model.learns(outcome.likelihood()))
                .toList();
    }

    /** Reads the cohort, fits every fold, and prints a table. */
    public EvaluationReport run(Cohort cohort, PrintWriter console) throws IOException, InterruptedException {
        EvaluatedOutcome evaluated = EvaluatedOutcome.of(cohort, outcome);
        FoldRequirements.require(cohort.samples(), folds, evaluated);
        try (Display display = new Display(console, Display.onTerminal())) {
            display.println(cohort.description());
            CohortBags bags = CohortBags.read(cohort, List.of(outcome));
            EvaluationReport report = evaluate(new CrossValidation(bags, evaluated, this), bags, display);
            display.println(EvaluationTable.of(report));
            return report;
        }
    }

    private EvaluationReport evaluate(CrossValidation validation, CohortBags bags, Display display)
            throws InterruptedException {
        long began = System.nanoTime();
        int threads = Runtime.getRuntime().availableProcessors();
        Map<EvaluatedModel, List<RepeatFigures>> figures = validation.run(threads, done -> {
            if (display.due(System.nanoTime())) {
                display.status(progress(done, validation.fits()), System.nanoTime());
            }
        });
        double seconds = (System.nanoTime() - began) / 1e9;
        List<Sample> labelled = EvaluatedOutcome.labelled(bags.samples());
        return new EvaluationReport(
                folds,
                repeats,
                seed,
                heads,
                labelled.size(),
                labelled.stream().mapToLong(Sample::cells).sum(),
                seconds,
                EvaluationReport.models(figures),
                absent().stream().map(EvaluatedModel::toString).toList(),
                Comparison.of(figures, EvaluatedModel.GMIL, EvaluatedModel.GLMM_MEAN),
                Comparison.of(figures, EvaluatedModel.HEADS, EvaluatedModel.GMIL),
                Comparison.of(figures, EvaluatedModel.RANDOM_INTERCEPT, EvaluatedModel.GMIL));
    }

    static String progress(int done, int of) {
        int filled = (int) ((long) BAR * done / of);
        return String.format(Locale.ROOT, "[%s%s] fits %d/%d", "#".repeat(filled), "-".repeat(BAR - filled), done, of);
    }
}
