package io.gmil.cli.chaos;

/**
 * How a job came through a portion of the cohort and what went wrong meanwhile.
 *
 * @param fault what went wrong
 * @param samples predicted so far, as expected
 * @param lost of these without a committed prediction
 * @param doubled committed predictions too many
 * @param recovery seconds from the fault until every prediction of the portion was committed
 * @param rho Spearman correlation of predicted and true bag effects of the test samples
 * @param labelled bags in the posterior
 * @param expectedLabelled bags that have a label
 * @param exact whether the sums of the learner are those of the sites in state
 */
record Trial(
        Fault fault,
        int samples,
        int lost,
        int doubled,
        double recovery,
        double rho,
        int labelled,
        int expectedLabelled,
        boolean exact) {

    static final double RHO_TOLERANCE = 0.01;

    /** @param undisturbed the same portion where nothing went wrong */
    boolean sound(Trial undisturbed) {
        return lost == 0
                && doubled == 0
                && exact
                && labelled == expectedLabelled
                && Math.abs(rho - undisturbed.rho()) <= RHO_TOLERANCE;
    }
}
