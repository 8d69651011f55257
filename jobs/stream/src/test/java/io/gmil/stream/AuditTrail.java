package io.gmil.stream;

import io.gmil.schema.Audit;
import io.gmil.schema.LabelledSample;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which bags each audited version of an outcome had learnt. Erased samples are named by none and stay in. */
final class AuditTrail {

    private final Map<String, Set<String>> learnt = new HashMap<>();

    AuditTrail(List<Audit> audits) {
        Map<String, Set<String>> outcomes = new HashMap<>();
        for (Audit audit : audits) {
            Set<String> bags = outcomes.computeIfAbsent(audit.getOutcome(), absent -> new HashSet<>());
            audit.getRemoved().forEach(sample -> bags.remove(bag(sample)));
            audit.getAdded().forEach(sample -> bags.add(bag(sample)));
            learnt.put(audit.getOutcome() + version(audit.getGeneration(), audit.getVersion()), Set.copyOf(bags));
        }
    }

    private static String bag(LabelledSample sample) {
        return bag(sample.getSampleId(), sample.getBagRevision());
    }

    static String bag(String sample, int revision) {
        return sample + " revision " + revision;
    }

    static String version(long generation, long version) {
        return generation + "." + version;
    }

    /** What a version had learnt; null where no record tells of it. */
    Set<String> learnt(String outcome, long generation, long version) {
        // The prior is known to everyone without a message.
        return version == 0 ? Set.of() : learnt.get(outcome + version(generation, version));
    }
}
