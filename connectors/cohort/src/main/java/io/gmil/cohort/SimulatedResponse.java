package io.gmil.cohort;

import io.gmil.cohort.CohortOptions.Outcome;

/**
 * How the label of a simulated bag follows from its effect u and the effect b of its batch.
 *
 * @param likelihood of the label
 * @param classes of a categorical label, C; 1 for others
 * @param noise standard deviation of a normal label around its linear predictor; 0 for others
 * @param groups batches of bags, G; 0: none
 * @param vGroup variance of the batch effect b
 */
public record SimulatedResponse(Outcome likelihood, int classes, double noise, int groups, double vGroup) {

    /** Trials of a binomial label, as in the paper. */
    public static final int TRIALS = 2;

    public SimulatedResponse {
        boolean categorical = likelihood == Outcome.CATEGORICAL;
        SimulationOptions.require(
                categorical ? classes >= 2 : classes == 1,
                "classes of a " + likelihood + " label",
                classes,
                categorical ? "at least 2" : "1");
        boolean spread = likelihood == Outcome.NORMAL ? noise >= 0 && Double.isFinite(noise) : noise == 0;
        SimulationOptions.require(
                spread,
                "noise of a " + likelihood + " label",
                noise,
                likelihood == Outcome.NORMAL ? "a finite standard deviation" : "0");
        SimulationOptions.require(groups >= 0, "groups", groups, "at least 0");
        SimulationOptions.require(vGroup >= 0 && Double.isFinite(vGroup), "vGroup", vGroup, "a finite variance");
    }

    /** y ~ Binomial(2, σ(η)), as in the paper. */
    public static SimulatedResponse binomial() {
        return new SimulatedResponse(Outcome.BINOMIAL, 1, 0, 0, 0);
    }

    /** y ~ Bernoulli(σ(η)). */
    public static SimulatedResponse bernoulli() {
        return new SimulatedResponse(Outcome.BERNOULLI, 1, 0, 0, 0);
    }

    /** y ~ Categorical(softmax(η_1, …, η_C)), each class with its own γ and β. */
    public static SimulatedResponse categorical(int classes) {
        return new SimulatedResponse(Outcome.CATEGORICAL, classes, 0, 0, 0);
    }

    /** y ~ N(η, noise²). */
    public static SimulatedResponse normal(double noise) {
        return new SimulatedResponse(Outcome.NORMAL, 1, noise, 0, 0);
    }

    /** With b ~ N(0, variance) of each of so many batches in the linear predictor. */
    public SimulatedResponse withGroups(int count, double variance) {
        return new SimulatedResponse(likelihood, classes, noise, count, variance);
    }

    /** Trials of a label. */
    int trials() {
        return likelihood == Outcome.BINOMIAL ? TRIALS : 1;
    }

    /** Batch of a bag, 0 to G − 1: bags take turns, so that each batch has training and test bags. */
    int group(int bag) {
        return bag % groups;
    }
}
