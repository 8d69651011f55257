package io.gmil.cohort;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names and values as they appear in a message: short enough for one line, and safe to print. */
final class NameList {

    private static final int MOST_NAMES = 20;
    private static final int MOST_CHARACTERS = 60;

    private NameList() {}

    /** The names joined by commas, clipped; {@code (none)} for an empty list. */
    static String of(Collection<String> names) {
        if (names.isEmpty()) {
            return "(none)";
        }
        String shown = names.stream().limit(MOST_NAMES).map(NameList::printable).collect(Collectors.joining(", "));
        int more = names.size() - MOST_NAMES;
        return more > 0 ? shown + ", ... (" + more + " more)" : shown;
    }

    /** The value in quotes, clipped, without control characters: a binary file must not garble the terminal. */
    static String quoted(String value) {
        return value == null ? "(missing)" : "'" + printable(value) + "'";
    }

    private static String printable(String value) {
        String clipped = value.length() > MOST_CHARACTERS ? value.substring(0, MOST_CHARACTERS) + "..." : value;
        return clipped.replaceAll("\\p{Cntrl}", "?");
    }
}
