package io.gmil.cohort;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Decides where each per-sample column comes from: the labels file if it has it, else the cells. */
final class SampleColumns {

    /** Name of the label column where the user gave none. */
    static final String DEFAULT_LABEL = "label";

    private final LabelsFile labels;
    private final boolean hasDefault;
    private final Set<String> fromCells = new LinkedHashSet<>();

    private SampleColumns(LabelsFile labels, boolean hasDefault) {
        this.labels = labels;
        this.hasDefault = hasDefault;
    }

    /**
     * Checks every name of the options.
     *
     * @param sampleColumn column of the sample
     * @param available columns of the cohort file
     * @param place where those are, for messages
     * @throws CohortException for a column that is nowhere, listing those there are
     */
    static SampleColumns plan(CohortOptions options, String sampleColumn, Collection<String> available, String place)
            throws IOException {
        check(options);
        requireColumn(sampleColumn, available, place);
        LabelsFile labels = options.labels().isPresent()
                ? LabelsFile.read(options.labels().get(), sampleColumn)
                : LabelsFile.none();
        // Samples of the clinic come before their labels: only a label that was asked for must be there.
        boolean hasDefault = labels.has(DEFAULT_LABEL) || available.contains(DEFAULT_LABEL);
        SampleColumns plan = new SampleColumns(labels, hasDefault);
        for (String name : plan.names(options, available)) {
            if (!labels.has(name)) {
                boolean ofModel =
                        options.codes().isPresent() && options.covariates().contains(name);
                plan.requireAnywhere(name, ofModel ? " (a covariate of the model)" : "", available, place);
                plan.fromCells.add(name);
            }
        }
        return plan;
    }

    private List<String> names(CohortOptions options, Collection<String> available) {
        List<String> names = new ArrayList<>(options.covariates());
        for (OutcomeOptions outcome : options.outcomes()) {
            label(outcome).ifPresent(names::add);
            outcome.trialsColumn().ifPresent(names::add);
        }
        options.patient().ifPresent(names::add);
        options.split().ifPresent(names::add);
        names.addAll(trueEffects(options, available));
        options.group().ifPresent(names::add);
        return names;
    }

    /** See {@link KnownEffects}. */
    private List<String> trueEffects(CohortOptions options, Collection<String> available) {
        String name = options.trueEffect().orElse(null);
        if (name == null) {
            return List.of();
        }
        List<String> ofClasses = KnownEffects.prefix(options).stream()
                .flatMap(prefix -> Stream.concat(labels.header().stream(), available.stream())
                        .filter(column -> column.startsWith(prefix)))
                .distinct()
                .toList();
        boolean one = labels.has(name) || available.contains(name) || ofClasses.isEmpty();
        return one ? List.of(name) : ofClasses;
    }

    private void requireAnywhere(String name, String role, Collection<String> available, String place) {
        String elsewhere =
                labels.header().isEmpty() ? "" : "; in " + labels.name() + ": " + NameList.of(labels.header());
        if (!available.contains(name)) {
            throw new CohortException("no column '" + name + "'" + role + " in " + place + "; there are: "
                    + NameList.of(available) + elsewhere);
        }
    }

    static void requireColumn(String name, Collection<String> available, String place) {
        if (!available.contains(name)) {
            throw new CohortException(
                    "no column '" + name + "' in " + place + "; there are: " + NameList.of(available));
        }
    }

    private static void check(CohortOptions options) {
        if (options.train().isPresent() && options.split().isEmpty()) {
            throw new CohortException("--train '" + options.train().get() + "' needs --split with the column it is in");
        }
        if (options.testFraction().isPresent()) {
            checkFraction(options);
        }
        requireDistinct("--covariates", options.covariates());
        requireDistinct(
                "--label", options.outcomes().stream().map(OutcomeOptions::name).toList());
    }

    private static void requireDistinct(String option, List<String> names) {
        if (Set.copyOf(names).size() != names.size()) {
            throw new CohortException(option + " names a column twice: " + NameList.of(names));
        }
    }

    private static void checkFraction(CohortOptions options) {
        double fraction = options.testFraction().getAsDouble();
        if (!(fraction > 0 && fraction < 1)) {
            throw new CohortException("--test-fraction is " + fraction + "; expected more than 0 and less than 1");
        }
        if (options.split().isPresent()) {
            throw new CohortException("--test-fraction and --split exclude each other; give one of them");
        }
    }

    /** Column of an outcome; empty where the cohort has none and none was asked for. */
    Optional<String> label(OutcomeOptions outcome) {
        return outcome.column().or(() -> hasDefault ? Optional.of(DEFAULT_LABEL) : Optional.empty());
    }

    /** Columns that the reader has to note on every cell. */
    List<String> fromCells() {
        return List.copyOf(fromCells);
    }

    /** Whether a column was planned. */
    boolean has(String name) {
        return labels.has(name) || fromCells.contains(name);
    }

    /** A planned column, once all cells have been seen. */
    SampleColumn column(String name, SampleIndex index) {
        return labels.has(name) ? labels.column(name, index.ids()) : index.column(name);
    }

    void checkMatches(SampleIndex index) {
        labels.checkMatches(index.ids(), index.place());
    }
}
