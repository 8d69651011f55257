package io.gmil.cli.offline;

import io.gmil.cohort.CohortException;
import io.gmil.model.LeaveOneOut;
import io.gmil.model.ModelSpec;
import io.gmil.model.Posterior;
import java.util.List;
import java.util.Locale;

/** Refuses, before any work, what would end without memory after it. */
public final class FitMemory {

    private FitMemory() {}

    /**
     * Of the posteriors of a fit.
     *
     * @param specs of the outcomes
     * @param bags to be learnt, in memory already
     * @param fits at a time
     * @throws CohortException if they do not fit into the heap beside the cells
     */
    public static void require(List<ModelSpec> specs, CohortBags bags, int fits) {
        require(specs, bags.size(), fits, heap() - bags.bytes());
    }

    static void require(List<ModelSpec> specs, int samples, int fits, double heap) {
        double needed = fits
                * specs.stream()
                        .mapToDouble(spec -> spec.likelihood().components() * Posterior.heap(spec, samples))
                        .sum();
        require("the posterior", "reduce the embedding", needed, specs, heap);
    }

    /** Of leaving out each sample in turn. */
    static void requireForLeaveOneOut(List<ModelSpec> specs, CohortBags bags) {
        requireForLeaveOneOut(specs, bags.size(), heap() - bags.bytes());
    }

    static void requireForLeaveOneOut(List<ModelSpec> specs, int samples, double heap) {
        double needed = specs.stream()
                .mapToDouble(spec -> LeaveOneOut.heap(spec, samples))
                .sum();
        require("--leave-one-out", "do without it", needed, specs, heap);
    }

    private static double heap() {
        return Runtime.getRuntime().maxMemory();
    }

    private static void require(String what, String instead, double needed, List<ModelSpec> specs, double heap) {
        if (needed > heap) {
            throw new CohortException(String.format(
                    Locale.ROOT,
                    "%s does not fit into memory beside the cells: expected at most %.1f GB of heap, got %.1f GB for %d"
                            + " parameters;"
                            + " set GMIL_JAVA_OPTS to a larger -Xmx or %s",
                    what,
                    heap / 1e9,
                    needed / 1e9,
                    specs.get(0).dimension(),
                    instead));
        }
    }
}
