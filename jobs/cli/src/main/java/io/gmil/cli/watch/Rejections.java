package io.gmil.cli.watch;

import io.gmil.schema.DeadLetter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Dead letters of a run: how many, the first few causes, and the samples that will not come. Not thread-safe. */
final class Rejections {

    /** Causes kept for printing; a broken cohort can produce one for each record. */
    private static final int SHOWN = 5;

    private final String labelsTopic;
    private final Set<String> bags = new HashSet<>();
    private final Set<String> labels = new HashSet<>();
    private final List<String> unprinted = new ArrayList<>();
    private int count;

    Rejections(String labelsTopic) {
        this.labelsTopic = labelsTopic;
    }

    void add(DeadLetter letter) {
        count++;
        if (count <= SHOWN) {
            unprinted.add("%s (%s-%d@%d)"
                    .formatted(letter.getCause(), letter.getTopic(), letter.getPartition(), letter.getOffset()));
        }
        Optional<String> sample = Optional.ofNullable(letter.getSampleId());
        sample.ifPresent(labelsTopic.equals(letter.getTopic()) ? labels::add : bags::add);
    }

    int count() {
        return count;
    }

    /** Whether a record of the sample's cells was rejected, so that its bag may never be complete. */
    boolean bag(String sampleId) {
        return bags.contains(sampleId);
    }

    /** Whether the sample's label was rejected. */
    boolean label(String sampleId) {
        return labels.contains(sampleId);
    }

    /** Causes that were not handed out before. */
    List<String> takeUnprinted() {
        List<String> taken = List.copyOf(unprinted);
        unprinted.clear();
        return taken;
    }
}
