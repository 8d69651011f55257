package io.gmil.cohort;

import io.gmil.cohort.CohortOptions.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Options as a user gives them, everything else left at its default. */
final class Asked {

    private final Path file;
    private String embedding = "X";
    private String sample;
    private String label;
    private List<String> positive = List.of();
    private Outcome likelihood = Outcome.BERNOULLI;
    private int trials = 1;
    private String trialsColumn;
    private List<OutcomeOptions> further = List.of();
    private String group;
    private List<String> covariates = List.of();
    private String cellType;
    private String split;
    private String train;
    private OptionalDouble testFraction = OptionalDouble.empty();
    private String patient;
    private Path labels;
    private String trueEffect;
    private String trueWeight;
    private Optional<Map<String, List<String>>> codes = Optional.empty();
    private long seed = 1;

    private Asked(Path file) {
        this.file = file;
    }

    static Asked of(Path file) {
        return new Asked(file);
    }

    Asked embedding(String name) {
        embedding = name;
        return this;
    }

    Asked sample(String name) {
        sample = name;
        return this;
    }

    Asked label(String name) {
        label = name;
        return this;
    }

    Asked positive(String... values) {
        positive = List.of(values);
        return this;
    }

    Asked binomial(int n) {
        likelihood = Outcome.BINOMIAL;
        trials = n;
        return this;
    }

    Asked binomialOf(String column) {
        likelihood = Outcome.BINOMIAL;
        trialsColumn = column;
        return this;
    }

    Asked further(OutcomeOptions... outcomes) {
        further = List.of(outcomes);
        return this;
    }

    Asked group(String name) {
        group = name;
        return this;
    }

    Asked likelihood(Outcome outcome) {
        likelihood = outcome;
        return this;
    }

    Asked covariates(String... names) {
        covariates = List.of(names);
        return this;
    }

    Asked cellType(String name) {
        cellType = name;
        return this;
    }

    Asked split(String name, String value) {
        split = name;
        train = value;
        return this;
    }

    Asked testFraction(double fraction, long ofSeed) {
        testFraction = OptionalDouble.of(fraction);
        seed = ofSeed;
        return this;
    }

    Asked patient(String name) {
        patient = name;
        return this;
    }

    Asked labels(Path csv) {
        labels = csv;
        return this;
    }

    Asked truth(String effect, String weight) {
        trueEffect = effect;
        trueWeight = weight;
        return this;
    }

    /** As a fitted model reads it that has no text covariate. */
    Asked ofModel() {
        codes = Optional.of(Map.of());
        return this;
    }

    Cohort open() throws IOException {
        return Cohorts.open(options());
    }

    CohortOptions options() {
        OutcomeOptions first = new OutcomeOptions(
                Optional.ofNullable(label), likelihood, trials, Optional.ofNullable(trialsColumn), positive);
        List<OutcomeOptions> outcomes = new ArrayList<>(List.of(first));
        outcomes.addAll(further);
        return new CohortOptions(
                file,
                embedding,
                Optional.ofNullable(sample),
                outcomes,
                covariates,
                Optional.ofNullable(group),
                Optional.ofNullable(cellType),
                Optional.ofNullable(split),
                Optional.ofNullable(train),
                testFraction,
                Optional.ofNullable(patient),
                Optional.ofNullable(labels),
                Optional.ofNullable(trueEffect),
                Optional.ofNullable(trueWeight),
                seed,
                codes);
    }

    /** Opens and reads every cell. */
    Scanned scan() throws IOException {
        try (Cohort cohort = open()) {
            return Scanned.of(cohort);
        }
    }
}
