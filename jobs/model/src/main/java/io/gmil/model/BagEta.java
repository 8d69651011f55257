package io.gmil.model;

/** What a pass over the cells of a bag finds of η for one outcome and class, all but JᵀSJ. Reused from bag to bag. */
final class BagEta implements NormalEta {
    /** Of a place where many bags follow each other, written again and again; otherwise of one bag. */
    private double[] gradient = new double[0];

    private boolean kept;
    private double mean;
    private double timesMean;
    private double groupVariance;
    private double fixedEffect;
    private double effect;
    private BagAttention attention;
    private double variance;

    /**
     * Of the bag last scanned.
     *
     * @param f fixed effects (K + R)
     * @param pair the class's first in the sums
     * @param keep whether the prediction is to have the linearisation
     */
    void set(
            ModelSpec spec,
            double[] f,
            PosteriorSnapshot q,
            SoftmaxSums sums,
            int pair,
            BagAttention summary,
            boolean keep) {
        double[] m = q.sharedMean();
        boolean attends = q.phase() != Phase.MEAN_POOLING;
        if (keep || kept || gradient.length == 0) {
            gradient = sums.jacobian(spec, pair, f, attends);
        } else {
            sums.jacobian(spec, pair, f, attends, gradient, 0);
        }
        kept = keep;
        effect = sums.effect(pair, spec.heads());
        fixedEffect = Triangular.dot(f, 0, m, 0, spec.linear());
        mean = fixedEffect + effect;
        if (keep) { // J·m = η + Σ g·γ, since u = Σ z·β
            timesMean = mean + Triangular.dot(gradient, spec.gamma(), m, spec.gamma(), spec.beta() - spec.gamma());
        }
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

    /** @param ofPosterior JᵀSJ */
    void complete(double ofPosterior) {
        variance = ofPosterior + groupVariance;
    }

    @Override
    public double etaMean() {
        return mean;
    }

    /** Once complete. */
    @Override
    public double etaVariance() {
        return variance;
    }

    BagPrediction prediction(MeanOutcome outcome) {
        return new BagPrediction(
                mean,
                Math.sqrt(variance),
                fixedEffect,
                effect,
                outcome.mean(),
                outcome.lower(),
                outcome.upper(),
                kept ? new Linearisation(gradient, mean, variance, timesMean) : null,
                attention);
    }
}
