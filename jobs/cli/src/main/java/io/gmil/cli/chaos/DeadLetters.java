package io.gmil.cli.chaos;

import io.gmil.schema.DeadLetter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Dead letters beside what was sent to become one. */
final class DeadLetters {

    /** @param offset in its partition */
    record Place(String topic, int partition, long offset) {}

    /**
     * The one letter that has to come of records that cannot be used.
     *
     * @param places of the records, any of which may be named
     * @param cause words in it
     */
    record Expected(Set<Place> places, String cause) {

        private boolean fits(DeadLetter letter) {
            return places.contains(new Place(letter.getTopic(), letter.getPartition(), letter.getOffset()))
                    && letter.getCause().contains(cause);
        }
    }

    private final List<Expected> expected = new ArrayList<>();
    private final List<DeadLetter> letters = new ArrayList<>();

    void expect(Expected of) {
        expected.add(of);
    }

    void take(DeadLetter letter) {
        letters.add(letter);
    }

    private long count(Expected of) {
        return letters.stream().filter(of::fits).count();
    }

    /** Letters that have not come, or not with their cause. */
    int lost() {
        return expected.stream()
                .mapToInt(of -> (int) Math.max(0, 1 - count(of)))
                .sum();
    }

    /** Letters too many, and those of records that can be used. */
    int doubled() {
        long strange = letters.stream()
                .filter(letter -> expected.stream().noneMatch(of -> of.fits(letter)))
                .count();
        return (int) strange
                + expected.stream()
                        .mapToInt(of -> (int) Math.max(0, count(of) - 1))
                        .sum();
    }

    /** Causes that were expected and have not come. */
    List<String> missing() {
        return expected.stream()
                .filter(of -> count(of) == 0)
                .map(Expected::cause)
                .toList();
    }
}
