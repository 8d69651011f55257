package io.gmil.cohort;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What to take of a cohort file; the options of every command that reads one.
 *
 * @param file .h5ad, .csv or .csv.gz
 * @param embedding X or obsm/NAME; ignored for CSV, whose columns are f0, f1, …
 * @param sample column that names a cell's sample; empty: bag_id for CSV, sample_id for .h5ad
 * @param outcomes what labels tell; none where samples are only predicted
 * @param covariates numeric columns, or two-valued ones coded 0/1 in sorted order
 * @param group per-sample column whose values share a random intercept, such as a site or a batch
 * @param cellType column of cell types
 * @param split column that tells training samples from others
 * @param train value of {@code split} that marks training samples
 * @param testFraction share of patients held out instead, stratified by the first label
 * @param patient column of the patient
 * @param labels .csv with one row a sample for per-sample columns that are not in the cohort file
 * @param trueEffect column of known bag effects
 * @param trueWeight column of known attention weights
 * @param seed of the held-out draw
 * @param codes what a fitted model knows of its covariates: the two values of each text covariate in the order of their
 *     number; then a label is only read where one is named
 */
public record CohortOptions(
        Path file,
        String embedding,
        Optional<String> sample,
        List<OutcomeOptions> outcomes,
        List<String> covariates,
        Optional<String> group,
        Optional<String> cellType,
        Optional<String> split,
        Optional<String> train,
        OptionalDouble testFraction,
        Optional<String> patient,
        Optional<Path> labels,
        Optional<String> trueEffect,
        Optional<String> trueWeight,
        long seed,
        Optional<Map<String, List<String>>> codes) {

    public CohortOptions {
        outcomes = List.copyOf(outcomes);
        covariates = List.copyOf(covariates);
        codes = codes.map(Map::copyOf);
        if (outcomes.isEmpty() && (codes.isEmpty() || testFraction.isPresent())) {
            throw new IllegalArgumentException("expected at least one outcome, unless samples are only predicted");
        }
    }

    /** Options of a file, everything else at its default: a Bernoulli outcome {@code label}, embedding X, no split. */
    public static CohortOptionsBuilder of(Path file) {
        return new CohortOptionsBuilder(file);
    }

    /**
     * The same cohort, read for a fitted model that is to learn more.
     *
     * @param ofEmbedding X or obsm/NAME
     * @param ofOutcomes the model's
     * @param ofCovariates names, in the model's order
     * @param ofCodes the two values of each text covariate
     */
    public CohortOptions forLearning(
            String ofEmbedding,
            List<OutcomeOptions> ofOutcomes,
            List<String> ofCovariates,
            Map<String, List<String>> ofCodes) {
        return new CohortOptions(
                file,
                ofEmbedding,
                sample,
                ofOutcomes,
                ofCovariates,
                group,
                cellType,
                split,
                train,
                testFraction,
                patient,
                labels,
                trueEffect,
                trueWeight,
                seed,
                Optional.of(ofCodes));
    }

    /**
     * The same file, sample column and cell types, read for a fitted model: its covariates and its group, and neither labels
     * nor split nor truth.
     *
     * @param ofEmbedding X or obsm/NAME
     * @param ofCovariates names, in the model's order
     * @param ofCodes the two values of each text covariate
     * @param ofGroup column of the random intercept, where the model has one
     */
    public CohortOptions forPrediction(
            String ofEmbedding,
            List<String> ofCovariates,
            Map<String, List<String>> ofCodes,
            Optional<String> ofGroup) {
        CohortOptionsBuilder builder = of(file).embedding(ofEmbedding)
                .outcomes(List.of())
                .covariates(ofCovariates)
                .codes(ofCodes)
                .seed(seed);
        sample.ifPresent(builder::sample);
        ofGroup.ifPresent(builder::group);
        cellType.ifPresent(builder::cellType);
        patient.ifPresent(builder::patient);
        labels.ifPresent(builder::labels);
        return builder.build();
    }

    private OutcomeOptions first() {
        if (outcomes.isEmpty()) {
            throw new IllegalStateException("samples that are only predicted have no outcome");
        }
        return outcomes.get(0);
    }

    /** Column of the first outcome, for what learns only one; empty: label. */
    public Optional<String> label() {
        return first().column();
    }

    /** Values of the first outcome that count as 1. */
    public List<String> positive() {
        return first().positive();
    }

    /** Likelihood of the first outcome. */
    public Outcome likelihood() {
        return first().likelihood();
    }

    /** Trials of the first outcome, 1 unless it is binomial. */
    public int trials() {
        return first().trials();
    }

    /** How a label column is to be read. */
    public enum Outcome {
        BERNOULLI,
        BINOMIAL,
        CATEGORICAL,
        NORMAL
    }
}
