package io.gmil.stream;

import java.util.Optional;

/** Runs a schedule and says what it violates. */
final class Violations {

    private static final int STEPS_TOLD = 40;

    private Violations() {}

    /** Makes the run of a seed. */
    interface Maker {
        Simulation of(long seed) throws Exception;
    }

    /** The invariant that a seed violates, with the last steps; empty for none. */
    static Optional<String> of(long seed, Maker maker) {
        try (Simulation run = maker.of(seed)) {
            try {
                run.run();
            } catch (AssertionError e) {
                return Optional.of(told(seed, "SumOfSitesEqualsState: " + e.getMessage(), run));
            }
            for (Invariants invariant : Invariants.values()) {
                String violation = invariant.violation(run);
                if (violation != null) {
                    return Optional.of(told(seed, invariant + ": " + violation, run));
                }
            }
            return Optional.empty();
        } catch (Exception e) {
            throw new IllegalStateException("seed " + seed, e);
        }
    }

    private static String told(long seed, String violation, Simulation run) {
        int from = Math.max(0, run.trace.size() - STEPS_TOLD);
        return "seed " + seed + ": " + violation + "\n  "
                + String.join("\n  ", run.trace.subList(from, run.trace.size()));
    }
}
