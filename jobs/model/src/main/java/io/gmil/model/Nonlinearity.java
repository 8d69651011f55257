package io.gmil.model;

import java.util.List;

/**
 * How much more η varies under the posterior than its linear part says: attention is no linear function of γ, so
 * Var[η] > JᵀSJ. Predictors use JᵀSJ, which takes one pass; the ratio of the two hardly depends on the bag.
 */
final class Nonlinearity {
    private Nonlinearity() {}

    /**
     * Σ Var[η] / Σ JᵀSJ over these bags, at least 1.
     *
     * @param theta draws from q (S × D)
     */
    static double ofVariance(
            List<LabelledBag> bags, FeatureScaler scaler, PosteriorSnapshot q, double[] theta, int draws) {
        ModelSpec spec = q.spec();
        double[] mean = q.sharedMean();
        double[] jacobian = new double[spec.dimension()];
        double[] sums = new double[2];
        CellSweep sweep = new CellSweep(spec, scaler, LinearAlgebra.forCells(), draws);
        sweep.run(bags, mean, 1, (index, at) -> {
            at.jacobian(0, bags.get(index).fixedEffects(), true, jacobian, 0);
            sums[0] += q.variance(jacobian);
        });
        sweep.run(bags, theta, draws, (index, at) -> sums[1] += variance(bags.get(index), spec, theta, draws, at));
        return Math.max(1, sums[1] / sums[0]);
    }

    private static double variance(LabelledBag bag, ModelSpec spec, double[] theta, int draws, SoftmaxSums at) {
        double mean = 0;
        double squares = 0;
        for (int s = 0; s < draws; s++) {
            double eta =
                    Triangular.dot(theta, s * spec.dimension(), bag.fixedEffects(), 0, spec.fixedEffects()) + at.u(s);
            double difference = eta - mean;
            mean += difference / (s + 1);
            squares += difference * (eta - mean);
        }
        return squares / (draws - 1);
    }
}
