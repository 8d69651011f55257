package io.gmil.cli.chaos;

import java.util.List;
import java.util.Map;

/**
 * How a job came through a portion of the cohort and what went wrong meanwhile.
 *
 * @param fault what went wrong
 * @param samples predicted so far, as expected
 * @param lost committed records that have not come, by what they are
 * @param doubled committed records too many, by what they are
 * @param recovery seconds from the fault until every prediction of the portion was committed; NaN where they never were
 * @param rho Spearman correlation of predicted and true bag effects of the test samples
 * @param labelled bags in the posterior
 * @param expectedLabelled bags that have a label
 * @param exact whether the sums of the learner are those of the sites in state
 * @param flaws what else was not as it has to be, each in one line
 */
record Trial(
        Fault fault,
        int samples,
        Map<String, Integer> lost,
        Map<String, Integer> doubled,
        double recovery,
        double rho,
        int labelled,
        int expectedLabelled,
        boolean exact,
        List<String> flaws) {

    static final double RHO_TOLERANCE = 0.01;

    /** @param undisturbed the same portion where nothing went wrong */
    boolean sound(Trial undisturbed) {
        return sound() && Math.abs(rho - undisturbed.rho()) <= RHO_TOLERANCE;
    }

    /** Without looking at the model. */
    boolean sound() {
        return sum(lost) == 0 && sum(doubled) == 0 && exact && labelled == expectedLabelled && flaws.isEmpty();
    }

    static int sum(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
