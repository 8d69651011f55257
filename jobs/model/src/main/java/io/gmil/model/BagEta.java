package io.gmil.model;

/** What a pass over the cells of a bag finds of η for one outcome and class, all but JᵀSJ. Reused from bag to bag. */
final class BagEta {
    private double[] gradient;
    private double mean;
    private double timesMean;
    private double groupVariance;
    private double fixedEffect;
    private double effect;
    private BagAttention attention;
    private Linearisation linearisation;

    /**
     * Of the bag last scanned.
     *
     * @param f fixed effects (K + R)
     * @param pair the class's first in the sums
     */
    void set(ModelSpec spec, double[] f, PosteriorSnapshot q, SoftmaxSums sums, int pair, BagAttention summary) {
        double[] m = q.sharedMean();
        gradient = sums.jacobian(spec, pair, f, q.phase() != Phase.MEAN_POOLING);
        effect = sums.effect(pair, spec.heads());
        fixedEffect = Triangular.dot(f, 0, m, 0, spec.linear());
        mean = fixedEffect + effect;
        // J·m = η + Σ g·γ, since u = Σ z·β
        timesMean = mean + Triangular.dot(gradient, spec.gamma(), m, spec.gamma(), spec.beta() - spec.gamma());
        groupVariance = newGroup(spec, f, q);
        attention = summary;
    }

    /** σ_b² for a bag of no known group, whose intercept is as the prior has it. */
    private static double newGroup(ModelSpec spec, double[] f, PosteriorSnapshot q) {
        for (int r = spec.fixedEffects(); r < spec.linear(); r++) {
            if (f[r] != 0) {
                return 0;
            }
        }
        return spec.linear() > spec.fixedEffects() ? q.variances().intercept() : 0;
    }

    /** J (D). */
    double[] gradient() {
        return gradient;
    }

    /** @param variance JᵀSJ */
    void complete(double variance) {
        linearisation = new Linearisation(gradient, mean, variance + groupVariance, timesMean);
    }

    /** Once complete. */
    Linearisation linearisation() {
        return linearisation;
    }

    BagPrediction prediction(MeanOutcome outcome) {
        return new BagPrediction(
                mean,
                Math.sqrt(linearisation.etaVariance()),
                fixedEffect,
                effect,
                outcome.mean(),
                outcome.lower(),
                outcome.upper(),
                linearisation,
                attention);
    }
}
