package io.gmil.cohort;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One value per sample, as text.
 *
 * @param name column as the user named it
 * @param place where it was found, for messages, for example {@code obs of x.h5ad}
 * @param values value of each sample; null where it is missing
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared or a key
record SampleColumn(String name, String place, String[] values) {

    private static final Set<String> MISSING = Set.of("", "NA", "N/A", "<NA>", "NaN", "nan", "null");

    /** The text, or null where it stands for a missing value. */
    static String orNull(String text) {
        return text == null || MISSING.contains(text.strip()) ? null : text.strip();
    }

    static SampleColumn of(String name, String place, String[] raw) {
        return new SampleColumn(
                name, place, Stream.of(raw).map(SampleColumn::orNull).toArray(String[]::new));
    }

    /** The different values that are not missing, sorted; numerically if all of them are numbers. */
    Set<String> distinct() {
        Set<String> texts = Stream.of(values).filter(Objects::nonNull).collect(Collectors.toSet());
        boolean numeric = texts.stream().allMatch(text -> number(text).isPresent());
        Set<String> sorted = numeric ? new TreeSet<>(SampleColumn::compareNumbers) : new TreeSet<>();
        sorted.addAll(texts);
        return sorted;
    }

    /** Refuses a column that lacks the value of any sample; {@code what} names it in the message. */
    void requireComplete(List<String> ids, String what) {
        boolean[] all = new boolean[ids.size()];
        Arrays.fill(all, true);
        requireComplete(ids, what, all);
    }

    /** Refuses a column that lacks the value of a sample that needs one; {@code what} names it in the message. */
    void requireComplete(List<String> ids, String what, boolean[] needed) {
        for (int s = 0; s < ids.size(); s++) {
            if (values[s] == null && needed[s]) {
                throw new CohortException("sample " + NameList.quoted(ids.get(s)) + " has no value of " + what + " '"
                        + name + "' in " + place);
            }
        }
    }

    /** The number a text stands for, or empty. True and False count as 1 and 0. */
    static OptionalDouble number(String text) {
        if (text.equalsIgnoreCase("true")) {
            return OptionalDouble.of(1);
        }
        if (text.equalsIgnoreCase("false")) {
            return OptionalDouble.of(0);
        }
        if (isJavaLiteral(text)) {
            return OptionalDouble.empty();
        }
        try {
            return OptionalDouble.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return OptionalDouble.empty();
        }
    }

    /** Texts such as 1D, 2f or 0x1p3, which Java would parse: in a table they are names. */
    static boolean isJavaLiteral(String text) {
        int last = text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
        return "dDfF".indexOf(last) >= 0 || text.indexOf('x') >= 0 || text.indexOf('X') >= 0;
    }

    private static int compareNumbers(String left, String right) {
        int byValue = Double.compare(number(left).orElseThrow(), number(right).orElseThrow());
        return byValue != 0 ? byValue : left.compareTo(right);
    }
}
