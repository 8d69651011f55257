package io.gmil.cohort;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A collection of samples whose cells are read as a stream, so that a file larger than the heap works. Opening reads and
 * checks names and per-sample columns only; {@link #scan} reads the embeddings.
 */
public interface Cohort extends AutoCloseable {

    /** One line for a person: the source and what was taken of it, for example {@code kidney_dev.h5ad, X, 14 features}. */
    String description();

    /** Columns of the embedding, Q. */
    int width();

    /** Names of the covariates, in the order of {@link Sample#covariates()}. */
    List<String> covariates();

    /** The two values of each covariate that is a text, in the order of their number; empty where all are numeric. */
    default Map<String, List<String>> covariateCodes() {
        return Map.of();
    }

    /**
     * The names of the classes of a categorical outcome in the order of their index: sorted, as numbers where all are
     * numbers. Empty for other outcomes.
     *
     * @param outcome index in the order of {@link Sample#labels()}
     */
    List<String> classes(int outcome);

    /** The classes of the first outcome. */
    default List<String> classes() {
        return classes(0);
    }

    /** The levels of the random intercept in sorted order; empty where samples are in no groups. */
    default List<String> groups() {
        return List.of();
    }

    /** All samples in the order of their first cell. */
    List<Sample> samples();

    /** Whether {@link CellRun#trueWeights()} is known. */
    boolean hasTrueWeights();

    /** Numbers of every cell that an export keeps beside these, such as further outcomes of a simulation. */
    default List<CellColumn> furtherColumns() {
        return List.of();
    }

    /**
     * Visits every cell in the order of the source, as runs of consecutive cells of one sample. May be called again.
     *
     * @throws CohortException for a value that is NaN or infinite, or a damaged file: what, expected, got, where
     */
    void scan(CellVisitor visitor) throws IOException;

    @Override
    void close() throws IOException;

    /** Receives runs of cells. */
    @FunctionalInterface
    interface CellVisitor {
        /** The run and its arrays are only valid during the call. */
        void visit(CellRun run) throws IOException;
    }
}
