package io.gmil.cli.control;

import io.gmil.schema.Audit;
import io.gmil.schema.LabelledSample;
import io.gmil.stream.ModelIds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** How a posterior version came about: the audit records from the start to it, and what it was trained on. */
final class Lineage {

    private final List<List<Audit>> versions;
    private final Map<String, LabelledSample> trainedOn;
    private final List<String> erasures;

    private Lineage(List<List<Audit>> versions) {
        this.versions = versions;
        this.erasures = new ArrayList<>();
        // Counted, since one version may hold that a label came and went again, and in which order it does not say.
        Map<LabelledSample, Integer> counts = new HashMap<>();
        versions.stream().flatMap(List::stream).forEach(record -> {
            record.getAdded().forEach(sample -> counts.merge(sample, 1, Integer::sum));
            record.getRemoved().forEach(sample -> counts.merge(sample, -1, Integer::sum));
            erasures.addAll(record.getErasures());
        });
        this.trainedOn = new TreeMap<>();
        counts.forEach((sample, count) -> {
            if (count > 0) {
                trainedOn.put(sample.getSampleId(), sample);
            }
        });
    }

    /**
     * The lineage of a version of a model; empty where the records do not reach back to the start.
     *
     * @param audits all there are, of any model
     * @param model see {@link ModelIds}
     */
    static Optional<Lineage> of(List<Audit> audits, String model, long generation, long version) {
        Map<List<Long>, List<Audit>> known = new HashMap<>();
        for (Audit audit : audits) {
            if (audit.getReceipt() == null && key(audit).equals(model)) {
                known.computeIfAbsent(List.of(audit.getGeneration(), audit.getVersion()), absent -> new ArrayList<>())
                        .add(audit);
            }
        }
        Deque<List<Audit>> chain = new ArrayDeque<>();
        List<Long> at = List.of(generation, version);
        while (at.get(1) > 0) {
            List<Audit> records = known.get(at);
            if (records == null) {
                return Optional.empty();
            }
            chain.addFirst(records);
            at = List.of(records.get(0).getPreviousGeneration(), records.get(0).getPreviousVersion());
        }
        return Optional.of(new Lineage(List.copyOf(chain)));
    }

    private static String key(Audit audit) {
        return ModelIds.key(
                audit.getStudy(),
                audit.getOutcome(),
                audit.getEmbedding(),
                audit.getEmbeddingVersion(),
                audit.getScalerId());
    }

    /** The records of each, most often one; the first version first. */
    List<List<Audit>> versions() {
        return versions;
    }

    /**
     * By sample. Samples of erased patients are among them: no record says which they are.
     */
    Map<String, LabelledSample> trainedOn() {
        return trainedOn;
    }

    /** Commands that took samples out. */
    List<String> erasures() {
        return erasures;
    }
}
