package io.gmil.stream;

import io.gmil.schema.Audit;
import io.gmil.schema.LabelledSample;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which bags each audited version had learnt. Erased samples are named by none and stay in. */
final class AuditTrail {

    private final Map<String, Set<String>> learnt = new HashMap<>();

    AuditTrail(List<Audit> audits) {
        Set<String> bags = new HashSet<>();
        for (Audit audit : audits) {
            audit.getRemoved().forEach(sample -> bags.remove(bag(sample)));
            audit.getAdded().forEach(sample -> bags.add(bag(sample)));
            learnt.put(version(audit.getGeneration(), audit.getVersion()), Set.copyOf(bags));
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
    Set<String> learnt(long generation, long version) {
        // The prior is known to everyone without a message.
        return version == 0 ? Set.of() : learnt.get(version(generation, version));
    }
}
