package io.gmil.cohort;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Gathers {@link CohortOptions}; what is not said stays at its default. */
public final class CohortOptionsBuilder {

    private final Path file;
    private String embedding = "X";
    private Optional<String> sample = Optional.empty();
    private List<OutcomeOptions> outcomes = List.of(OutcomeOptions.bernoulli(Optional.empty(), List.of()));
    private List<String> covariates = List.of();
    private Optional<String> group = Optional.empty();
    private Optional<String> cellType = Optional.empty();
    private Optional<String> split = Optional.empty();
    private Optional<String> train = Optional.empty();
    private OptionalDouble testFraction = OptionalDouble.empty();
    private Optional<String> patient = Optional.empty();
    private Optional<Path> labels = Optional.empty();
    private Optional<String> trueEffect = Optional.empty();
    private Optional<String> trueWeight = Optional.empty();
    private long seed;
    private Optional<Map<String, List<String>>> codes = Optional.empty();

    CohortOptionsBuilder(Path file) {
        this.file = file;
    }

    public CohortOptionsBuilder embedding(String name) {
        embedding = name;
        return this;
    }

    public CohortOptionsBuilder sample(String column) {
        sample = Optional.of(column);
        return this;
    }

    public CohortOptionsBuilder outcomes(List<OutcomeOptions> all) {
        outcomes = List.copyOf(all);
        return this;
    }

    public CohortOptionsBuilder covariates(List<String> columns) {
        covariates = List.copyOf(columns);
        return this;
    }

    public CohortOptionsBuilder group(String column) {
        group = Optional.of(column);
        return this;
    }

    public CohortOptionsBuilder cellType(String column) {
        cellType = Optional.of(column);
        return this;
    }

    public CohortOptionsBuilder split(String column) {
        split = Optional.of(column);
        return this;
    }

    public CohortOptionsBuilder train(String value) {
        train = Optional.of(value);
        return this;
    }

    public CohortOptionsBuilder testFraction(double share) {
        testFraction = OptionalDouble.of(share);
        return this;
    }

    public CohortOptionsBuilder patient(String column) {
        patient = Optional.of(column);
        return this;
    }

    public CohortOptionsBuilder labels(Path csv) {
        labels = Optional.of(csv);
        return this;
    }

    public CohortOptionsBuilder trueEffect(String column) {
        trueEffect = Optional.of(column);
        return this;
    }

    public CohortOptionsBuilder trueWeight(String column) {
        trueWeight = Optional.of(column);
        return this;
    }

    public CohortOptionsBuilder seed(long ofDraw) {
        seed = ofDraw;
        return this;
    }

    /** What a fitted model knows of its covariates; see {@link CohortOptions#codes()}. */
    public CohortOptionsBuilder codes(Map<String, List<String>> ofModel) {
        codes = Optional.of(ofModel);
        return this;
    }

    public CohortOptions build() {
        return new CohortOptions(
                file,
                embedding,
                sample,
                outcomes,
                covariates,
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
                codes);
    }
}
