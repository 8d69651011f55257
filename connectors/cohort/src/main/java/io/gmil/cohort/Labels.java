package io.gmil.cohort;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The labels of one outcome.
 *
 * @param values label of each sample; empty where unknown
 * @param classes names of the classes of a categorical outcome, else empty
 */
record Labels(List<Optional<SampleLabel>> values, List<String> classes) {

    /** No sample has a label. */
    static Labels unknown(int samples) {
        return new Labels(Collections.nCopies(samples, Optional.empty()), List.of());
    }

    /**
     * Reads the column by the likelihood of its outcome; a value that does not fit is an error that names its sample.
     *
     * @param everyPositive whether each of the values that count as 1 has to occur, and not only one of them
     * @param trials column of the trials, where they differ from sample to sample
     */
    static Labels read(
            SampleColumn column,
            OutcomeOptions outcome,
            boolean everyPositive,
            Optional<SampleColumn> trials,
            List<String> ids) {
        return switch (outcome.likelihood()) {
            case BERNOULLI -> bernoulli(column, outcome.positive(), everyPositive);
            case BINOMIAL -> new Labels(counts(column, outcome.trials(), trials, ids), List.of());
            case CATEGORICAL -> categorical(column);
            case NORMAL -> new Labels(numbers(column, ids), List.of());
        };
    }

    private interface Reading {
        SampleLabel of(String text, int sample);
    }

    private static List<Optional<SampleLabel>> map(SampleColumn column, Reading reading) {
        List<Optional<SampleLabel>> labels = new ArrayList<>();
        for (int s = 0; s < column.values().length; s++) {
            String text = column.values()[s];
            labels.add(text == null ? Optional.empty() : Optional.of(reading.of(text, s)));
        }
        return labels;
    }

    private static SampleLabel single(double value) {
        return new SampleLabel(value, 1);
    }

    private static Labels bernoulli(SampleColumn column, List<String> positive, boolean everyPositive) {
        Set<String> distinct = column.distinct();
        if (positive.isEmpty()) {
            if (!distinct.stream().allMatch(Labels::isZeroOrOne)) {
                throw new CohortException("label '" + column.name() + "' of " + column.place() + " has the values "
                        + NameList.of(distinct) + "; expected 0 and 1, or name those that count as 1 with --positive");
            }
            return new Labels(
                    map(column, (text, s) -> single(SampleColumn.number(text).orElseThrow())), List.of());
        }
        List<String> absent = positive.stream()
                .filter(value -> distinct.stream().noneMatch(text -> matches(text, List.of(value))))
                .toList();
        if (everyPositive ? !absent.isEmpty() : absent.size() == positive.size()) {
            throw new CohortException("no sample has the --positive value " + NameList.of(absent) + " in label '"
                    + column.name() + "' of " + column.place() + "; there are: " + NameList.of(distinct));
        }
        return new Labels(map(column, (text, s) -> single(matches(text, positive) ? 1 : 0)), List.of());
    }

    private static boolean isZeroOrOne(String text) {
        OptionalDouble number = SampleColumn.number(text);
        return number.isPresent() && (number.getAsDouble() == 0 || number.getAsDouble() == 1);
    }

    private static boolean matches(String text, List<String> positive) {
        OptionalDouble number = SampleColumn.number(text);
        return positive.stream()
                .anyMatch(p -> p.strip().equals(text)
                        || (number.isPresent() && number.equals(SampleColumn.number(p.strip()))));
    }

    private static List<Optional<SampleLabel>> counts(
            SampleColumn column, int trials, Optional<SampleColumn> ofSamples, List<String> ids) {
        return map(column, (text, s) -> {
            int most = ofSamples
                    .map(of -> trials(of, column.name(), s, ids.get(s)))
                    .orElse(trials);
            double count = SampleColumn.number(text).orElse(Double.NaN);
            if (!(count >= 0 && count <= most && count == Math.rint(count))) {
                String source =
                        ofSamples.map(of -> "its trials in '" + of.name() + "'").orElse("--trials");
                throw mismatch(column, text, ids.get(s), "a whole number from 0 to " + most + " (" + source + ")");
            }
            return new SampleLabel(count, most);
        });
    }

    private static int trials(SampleColumn column, String label, int sample, String id) {
        String text = column.values()[sample];
        double trials = text == null ? Double.NaN : SampleColumn.number(text).orElse(Double.NaN);
        if (!(trials >= 1 && trials <= Integer.MAX_VALUE && trials == Math.rint(trials))) {
            throw new CohortException("trials '" + column.name() + "' of sample " + NameList.quoted(id) + " in "
                    + column.place() + " is " + NameList.quoted(text)
                    + "; expected a whole number of at least 1, as it has a label '" + label + "'");
        }
        return (int) trials;
    }

    private static List<Optional<SampleLabel>> numbers(SampleColumn column, List<String> ids) {
        return map(column, (text, s) -> {
            double value = SampleColumn.number(text).orElse(Double.NaN);
            if (!Double.isFinite(value)) {
                throw mismatch(column, text, ids.get(s), "a finite number");
            }
            return single(value);
        });
    }

    private static Labels categorical(SampleColumn column) {
        List<String> classes = new ArrayList<>(column.distinct());
        if (classes.size() < 2) {
            throw new CohortException("label '" + column.name() + "' of " + column.place() + " has " + classes.size()
                    + " class: " + NameList.of(classes) + "; expected at least 2");
        }
        return new Labels(map(column, (text, s) -> single(classes.indexOf(text))), List.copyOf(classes));
    }

    private static CohortException mismatch(SampleColumn column, String text, String sample, String expected) {
        return new CohortException("label '" + column.name() + "' of sample " + NameList.quoted(sample) + " in "
                + column.place() + " is " + NameList.quoted(text) + "; expected " + expected);
    }
}
