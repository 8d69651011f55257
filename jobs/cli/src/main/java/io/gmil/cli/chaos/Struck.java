package io.gmil.cli.chaos;

import java.util.List;

/**
 * A fault that has happened.
 *
 * @param at when, by {@link System#nanoTime}
 * @param unlabelled labelled bags that are gone by it
 * @param flaws what was not as it has to be, each in one line
 */
record Struck(long at, int unlabelled, List<String> flaws) {

    /** As it should be, a while ago. */
    static Struck at(long nanos) {
        return new Struck(nanos, 0, List.of());
    }

    static Struck at(long nanos, List<String> flaws) {
        return new Struck(nanos, 0, flaws);
    }
}
