package io.gmil.stream.bags;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Splits a list that may be long over several records, so that each is far below what the broker takes. */
final class RecordParts {

    /** In a part, at most. */
    static final int ENTRIES = 10_000;

    /** Of the texts in a part, of up to three bytes each: all that is over this is one entry. */
    static final int CHARS = 1 << 19;

    private RecordParts() {}

    /** The parts in order; a single empty one of an empty list. */
    static <T> List<List<T>> of(List<T> entries, ToIntFunction<T> chars) {
        List<List<T>> parts = new ArrayList<>();
        int first = 0;
        int length = 0;
        for (int i = 0; i < entries.size(); i++) {
            int next = chars.applyAsInt(entries.get(i));
            if (i > first && (i - first == ENTRIES || length + next > CHARS)) {
                parts.add(entries.subList(first, i));
                first = i;
                length = 0;
            }
            length += next;
        }
        parts.add(entries.subList(first, entries.size()));
        return parts;
    }
}
