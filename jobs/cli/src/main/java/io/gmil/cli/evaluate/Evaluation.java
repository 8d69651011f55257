package io.gmil.cli.evaluate;

import io.gmil.cli.UsageException;
import io.gmil.cli.offline.CohortBags;
import io.gmil.cli.offline.FitMemory;
import io.gmil.cli.watch.Display;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.cohort.Sample;
import io.gmil.model.ModelSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Cross-validates models on one cohort and shows how far it is.
 *
 * @param models to compare
 * @param how GMIL is learnt
 * @param folds of each repeat
 * @param repeats of the cross-validation
 * @param outcome that the cohort was opened with, the only one
 * @param trueIntercept that goes with known bag effects; empty where unknown
 * @param seed of folds and fits
 */
public record Evaluation(
        List<EvaluatedModel> models,
        FitSettings how,
        int folds,
        int repeats,
        OutcomeOptions outcome,
        OptionalDouble trueIntercept,
        long seed) {

    private static final int BAR = 30;

    /** Models that are left out because there are too few patients, and why. */
    private Map<String, String> absent(List<Sample> samples) {
        int patients = FoldRequirements.trainingPatients(samples, folds);
        Map<String, String> absent = new LinkedHashMap<>();
        for (EvaluatedModel model : models) {
            if (patients < model.fewestPatients()) {
                absent.put(
                        model.toString(),
                        "expected at least " + model.fewestPatients()
                                + " labelled patients to learn from in every fold, got " + patients);
            }
        }
        if (absent.size() == models.size()) {
            throw new UsageException("--models " + absent.keySet().iterator().next() + ": "
                    + absent.values().iterator().next());
        }
        return absent;
    }

    /** Reads the cohort, fits every fold, and prints a table. */
    public EvaluationReport run(Cohort cohort, PrintWriter console) throws IOException, InterruptedException {
        EvaluatedOutcome evaluated = EvaluatedOutcome.of(cohort, outcome, trueIntercept);
        FoldRequirements.require(cohort.samples(), folds, evaluated);
        Map<String, String> absent = absent(cohort.samples());
        List<EvaluatedModel> fitted = models.stream()
                .filter(model -> !absent.containsKey(model.toString()))
                .toList();
        try (Display display = new Display(console, Display.onTerminal())) {
            display.println(cohort.description());
            CohortBags bags = CohortBags.read(cohort, List.of(outcome));
            CrossValidation validation = new CrossValidation(bags, evaluated, this, fitted);
            FitMemory.require(List.of(spec(bags)), bags, threads(validation));
            EvaluationReport report = evaluate(validation, bags, absent, display);
            display.println(EvaluationTable.of(report));
            return report;
        }
    }

    /** Of the largest model; that of a fold is of a few samples less. */
    private ModelSpec spec(CohortBags bags) {
        return ModelSpec.of(
                bags.likelihoods().get(0),
                new ModelSpec.Shape(
                        bags.width(),
                        bags.covariates().size() + 1,
                        bags.groups().levels().size(),
                        how.heads()));
    }

    private static int threads(CrossValidation validation) {
        return Math.min(Runtime.getRuntime().availableProcessors(), validation.fits());
    }

    private EvaluationReport evaluate(
            CrossValidation validation, CohortBags bags, Map<String, String> absent, Display display)
            throws InterruptedException {
        long began = System.nanoTime();
        Map<EvaluatedModel, List<RepeatFigures>> figures = validation.run(threads(validation), done -> {
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
                how.heads(),
                how.starts(),
                how.passes(),
                labelled.size(),
                labelled.stream().mapToLong(Sample::cells).sum(),
                seconds,
                EvaluationReport.models(figures),
                List.copyOf(absent.keySet()),
                absent,
                Comparison.of(figures, EvaluatedModel.GMIL, EvaluatedModel.GLMM_MEAN),
                Comparison.of(figures, EvaluatedModel.HEADS, EvaluatedModel.GMIL),
                Comparison.of(figures, EvaluatedModel.RANDOM_INTERCEPT, EvaluatedModel.GMIL));
    }

    static String progress(int done, int of) {
        int filled = (int) ((long) BAR * done / of);
        return String.format(Locale.ROOT, "[%s%s] fits %d/%d", "#".repeat(filled), "-".repeat(BAR - filled), done, of);
    }
}
