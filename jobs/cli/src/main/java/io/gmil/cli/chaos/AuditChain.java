package io.gmil.cli.chaos;

import io.gmil.schema.Audit;
import io.gmil.schema.Posterior;
import java.util.HashMap;
import java.util.Map;

/** The committed versions of posteriors, each of which names the one before. */
final class AuditChain {

    /** @param number 0 for the prior, whatever the generation */
    private record Version(String outcome, long generation, long number) {}

    private final Map<Version, Integer> versions = new HashMap<>();
    private final Map<Version, Integer> predecessors = new HashMap<>();
    private final Map<String, Audit> last = new HashMap<>();
    private int skips;

    void take(Audit audit) {
        if (goesOn(audit)) {
            return;
        }
        versions.merge(new Version(audit.getOutcome(), audit.getGeneration(), audit.getVersion()), 1, Integer::sum);
        predecessors.merge(
                new Version(audit.getOutcome(), audit.getPreviousGeneration(), audit.getPreviousVersion()),
                1,
                Integer::sum);
        skips += audit.getVersion() == audit.getPreviousVersion() + 1 ? 0 : 1;
    }

    /** Whether it is a further record of the version before it, whose lists were too long for one. */
    private boolean goesOn(Audit audit) {
        Audit before = last.put(audit.getOutcome(), audit);
        return before != null
                && !before.equals(audit)
                && before.getGeneration() == audit.getGeneration()
                && before.getVersion() == audit.getVersion()
                && before.getPublishedAt().equals(audit.getPublishedAt());
    }

    boolean holds(Posterior posterior) {
        return versions.containsKey(
                new Version(posterior.getOutcome(), posterior.getGeneration(), posterior.getVersion()));
    }

    /** Versions that a later one names or steps over, and that are not there. */
    int gaps() {
        return skips
                + (int) predecessors.keySet().stream()
                        .filter(version -> version.number() > 0 && !versions.containsKey(version))
                        .count();
    }

    /** Versions told of more than once, and second successors of one. */
    int doubled() {
        return surplus(versions) + surplus(predecessors);
    }

    private static int surplus(Map<Version, Integer> counts) {
        return counts.values().stream().mapToInt(count -> count - 1).sum();
    }
}
