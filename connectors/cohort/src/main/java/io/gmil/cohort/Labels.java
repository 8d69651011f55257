package io.gmil.cohort;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The outcome of each sample as a number.
 *
 * @param values 0/1, count of successes, class index or number; empty where unknown
 * @param classes names of the classes of a categorical outcome, else empty
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared or a key
record Labels(OptionalDouble[] values, List<String> classes) {

    /** No sample has a label. */
    static Labels unknown(int samples) {
        OptionalDouble[] values = new OptionalDouble[samples];
        Arrays.fill(values, OptionalDouble.empty());
        return new Labels(values, List.of());
    }

    /** Reads the column by the likelihood of the options; a value that does not fit is an error that names its sample. */
    static Labels read(SampleColumn column, CohortOptions options, List<String> ids) {
        return switch (options.likelihood()) {
            case BERNOULLI -> bernoulli(column, options.positive());
            case BINOMIAL -> new Labels(counts(column, options.trials(), ids), List.of());
            case CATEGORICAL -> categorical(column);
            case NORMAL -> new Labels(numbers(column, ids), List.of());
        };
    }

    private interface Reading {
        double of(String text, int sample);
    }

    private static OptionalDouble[] map(SampleColumn column, Reading reading) {
        OptionalDouble[] labels = new OptionalDouble[column.values().length];
        for (int s = 0; s < labels.length; s++) {
            String text = column.values()[s];
            labels[s] = text == null ? OptionalDouble.empty() : OptionalDouble.of(reading.of(text, s));
        }
        return labels;
    }

    private static Labels bernoulli(SampleColumn column, List<String> positive) {
        Set<String> distinct = column.distinct();
        if (positive.isEmpty()) {
            if (!distinct.stream().allMatch(Labels::isZeroOrOne)) {
                throw new CohortException("label '" + column.name() + "' of " + column.place() + " has the values "
                        + NameList.of(distinct) + "; expected 0 and 1, or name those that count as 1 with --positive");
            }
            return new Labels(map(column, (text, s) -> SampleColumn.number(text).orElseThrow()), List.of());
        }
        if (distinct.stream().noneMatch(text -> matches(text, positive))) {
            throw new CohortException("no sample has the --positive value " + NameList.of(positive) + " in label '"
                    + column.name() + "' of " + column.place() + "; there are: " + NameList.of(distinct));
        }
        return new Labels(map(column, (text, s) -> matches(text, positive) ? 1 : 0), List.of());
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

    private static OptionalDouble[] counts(SampleColumn column, int trials, List<String> ids) {
        return map(column, (text, s) -> {
            double count = SampleColumn.number(text).orElse(Double.NaN);
            if (!(count >= 0 && count <= trials && count == Math.rint(count))) {
                throw mismatch(column, text, ids.get(s), "a whole number from 0 to " + trials + " (--trials)");
            }
            return count;
        });
    }

    private static OptionalDouble[] numbers(SampleColumn column, List<String> ids) {
        return map(column, (text, s) -> {
            double value = SampleColumn.number(text).orElse(Double.NaN);
            if (!Double.isFinite(value)) {
                throw mismatch(column, text, ids.get(s), "a finite number");
            }
            return value;
        });
    }

    private static Labels categorical(SampleColumn column) {
        List<String> classes = new ArrayList<>(column.distinct());
        if (classes.size() < 2) {
            throw new CohortException("label '" + column.name() + "' of " + column.place() + " has " + classes.size()
                    + " class: " + NameList.of(classes) + "; expected at least 2");
        }
        return new Labels(map(column, (text, s) -> classes.indexOf(text)), List.copyOf(classes));
    }

    private static CohortException mismatch(SampleColumn column, String text, String sample, String expected) {
        return new CohortException("label '" + column.name() + "' of sample " + NameList.quoted(sample) + " in "
                + column.place() + " is " + NameList.quoted(text) + "; expected " + expected);
    }
}
