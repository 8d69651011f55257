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
 * @param label column of the outcome; empty: label
 * @param positive values that count as 1 for a Bernoulli outcome; empty: the column is numeric
 * @param likelihood the outcome's likelihood
 * @param trials trials of a binomial outcome
 * @param covariates numeric columns, or two-valued ones coded 0/1 in sorted order
 * @param cellType column of cell types
 * @param split column that tells training samples from others
 * @param train value of {@code split} that marks training samples
 * @param testFraction share of patients held out instead, stratified by label
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
        Optional<String> label,
        List<String> positive,
        Outcome likelihood,
        int trials,
        List<String> covariates,
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

    /** Without a fitted model. */
    public CohortOptions(
            Path file,
            String embedding,
            Optional<String> sample,
            Optional<String> label,
            List<String> positive,
            Outcome likelihood,
            int trials,
            List<String> covariates,
            Optional<String> cellType,
            Optional<String> split,
            Optional<String> train,
            OptionalDouble testFraction,
            Optional<String> patient,
            Optional<Path> labels,
            Optional<String> trueEffect,
            Optional<String> trueWeight,
            long seed) {
        this(
                file,
                embedding,
                sample,
                label,
                positive,
                likelihood,
                trials,
                covariates,
                cellType,
                split,
                train,
                testFraction,
                patient,
                labels,
                trueEffect,
                trueWeight,
                seed,
                Optional.empty());
    }

    /** The same cohort, read for a fitted model that is to learn more: its embedding, outcome and covariates. */
    public CohortOptions forLearning(
            String ofEmbedding,
            String ofLabel,
            List<String> ofPositive,
            Outcome ofLikelihood,
            int ofTrials,
            List<String> ofCovariates,
            Map<String, List<String>> ofCodes) {
        return new CohortOptions(
                file,
                ofEmbedding,
                sample,
                Optional.of(ofLabel),
                ofPositive,
                ofLikelihood,
                ofTrials,
                ofCovariates,
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

    /** The same file and sample column, read for a fitted model: its covariates, and neither labels nor split nor truth. */
    public CohortOptions forPrediction(
            String ofEmbedding, List<String> ofCovariates, Map<String, List<String>> ofCodes) {
        return new CohortOptions(
                file,
                ofEmbedding,
                sample,
                Optional.empty(),
                List.of(),
                Outcome.BERNOULLI,
                1,
                ofCovariates,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalDouble.empty(),
                patient,
                labels,
                Optional.empty(),
                Optional.empty(),
                seed,
                Optional.of(ofCodes));
    }

    /** How a label column is to be read. */
    public enum Outcome {
        BERNOULLI,
        BINOMIAL,
        CATEGORICAL,
        NORMAL
    }
}
