package io.gmil.cohort;

/**
 * Size and law of a simulated cohort.
 *
 * @param bags training bags
 * @param testBags bags that are not learnt
 * @param cells cells in each bag, I; their mean where bags are ragged
 * @param dim features of a cell, Q
 * @param vBeta variance of the bag effect u
 * @param vGamma variance of the attention logit x·γ
 * @param intercept of the linear predictor
 * @param seed of everything drawn
 * @param outcomes labels of each bag, each with its own γ and β
 * @param ragged whether bags differ in size
 * @param response how labels follow from effects
 */
public record SimulationOptions(
        int bags,
        int testBags,
        int cells,
        int dim,
        double vBeta,
        double vGamma,
        double intercept,
        long seed,
        int outcomes,
        boolean ragged,
        SimulatedResponse response) {

    public SimulationOptions {
        require(bags >= 1, "bags", bags, "at least 1");
        require(testBags >= 0, "test bags", testBags, "at least 0");
        require((long) bags + testBags >= 2, "bags and test bags", bags + testBags, "at least 2");
        require((long) bags + testBags <= Integer.MAX_VALUE, "bags and test bags", bags, "less than 2^31");
        require(cells >= 1, "cells", cells, "at least 1");
        require(dim >= 1, "dim", dim, "at least 1");
        require(vBeta >= 0 && Double.isFinite(vBeta), "vBeta", vBeta, "a finite variance");
        require(vGamma >= 0 && Double.isFinite(vGamma), "vGamma", vGamma, "a finite variance");
        require(Double.isFinite(intercept), "intercept", intercept, "a finite number");
        require(outcomes >= 1, "outcomes", outcomes, "at least 1");
    }

    /** Binomial outcomes of two trials. */
    public SimulationOptions(
            int bags,
            int testBags,
            int cells,
            int dim,
            double vBeta,
            double vGamma,
            double intercept,
            long seed,
            int outcomes,
            boolean ragged) {
        this(
                bags,
                testBags,
                cells,
                dim,
                vBeta,
                vGamma,
                intercept,
                seed,
                outcomes,
                ragged,
                SimulatedResponse.binomial());
    }

    /** One binomial outcome, bags of one size. */
    public SimulationOptions(
            int bags, int testBags, int cells, int dim, double vBeta, double vGamma, double intercept, long seed) {
        this(bags, testBags, cells, dim, vBeta, vGamma, intercept, seed, 1, false);
    }

    /** The paper's simulation: 1000 and 200 bags of 50 cells with 30 features. */
    public static SimulationOptions paper(long seed) {
        return new SimulationOptions(1000, 200, 50, 30, 0.5, 0.8, -1, seed);
    }

    static void require(boolean holds, String what, Number got, String expected) {
        if (!holds) {
            throw new CohortException("simulation: " + what + " is " + got + "; expected " + expected);
        }
    }
}
