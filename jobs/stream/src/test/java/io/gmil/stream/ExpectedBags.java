package io.gmil.stream;

import io.gmil.stream.state.BagEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What has to become of the bags of a schedule, told from its log alone. */
final class ExpectedBags {

    /** What has come of the newest revision of a sample. */
    private record Came(TestBag bag, Set<Integer> pieces) {
        boolean complete() {
            return pieces.size() == bag.chunks() + 1;
        }

        /** The manifest is the last piece. */
        boolean hasCells() {
            return pieces.stream().anyMatch(piece -> piece < bag.chunks());
        }
    }

    private final Map<String, Came> samples = new TreeMap<>();
    private final Set<String> predictedInPart = new HashSet<>();
    private final List<String> letters = new ArrayList<>();

    ExpectedBags(Schedule schedule) {
        for (int i = 0; i < schedule.log.size(); i++) {
            BagEvent record = schedule.log.get(i);
            if (i == schedule.overdueAt) {
                strike(schedule.config.bags().incomplete());
            }
            if (i == schedule.erasedAt) {
                samples.values().removeIf(came -> came.bag().patient().equals(schedule.erased));
            }
            if (schedule.refused(i)) {
                letters.add(place(record.getTopic(), record.getOffset()));
            } else if (schedule.pieces.containsKey(record.getOffset())) {
                come(schedule.pieces.get(record.getOffset()));
            }
        }
    }

    private void come(Schedule.Piece piece) {
        Came known = samples.get(piece.bag().sample());
        if (known == null || known.bag().revision() < piece.bag().revision()) {
            known = new Came(piece.bag(), new HashSet<>());
            samples.put(piece.bag().sample(), known);
        }
        if (known.bag().revision() == piece.bag().revision()) {
            known.pieces().add(piece.index());
        }
    }

    private void strike(BagPolicy.Incomplete policy) {
        for (Came came : samples.values()) {
            if (came.complete() || came.pieces().isEmpty()) {
                continue;
            }
            if (policy == BagPolicy.Incomplete.PREDICT && came.hasCells()) {
                predictedInPart.add(revision(came.bag().sample(), came.bag().revision()));
            } else {
                letters.add(revision(came.bag().sample(), came.bag().revision()));
                came.pieces().clear();
            }
        }
    }

    /** Those that are there in the end and complete. */
    List<TestBag> complete() {
        return samples.values().stream().filter(Came::complete).map(Came::bag).toList();
    }

    /** Whether a bag was overdue, and is to be predicted from what there was of it, if its scaler was known. */
    boolean predictedInPart(String sample, int revision) {
        return predictedInPart.contains(revision(sample, revision));
    }

    /** What each dead letter is of: a bag, or a record of an erased patient. */
    List<String> letters() {
        return letters;
    }

    static String place(String topic, long offset) {
        return topic + "@" + offset;
    }

    static String revision(String sample, int revision) {
        return "sample '%s' revision %d".formatted(sample, revision);
    }
}
