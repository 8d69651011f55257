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
     * @param draws from q
     */
    static double ofVariance(List<LabelledBag> bags, FeatureScaler scaler, PosteriorSnapshot q, Draws draws) {
        ModelSpec spec = q.spec();
        double[] jacobian = new double[spec.dimension()];
        double[] sums = new double[2];
        List<Draws> mean = List.of(Draws.mean(q));
        QuadraticForm form = q.quadraticForm();
        CellSweep.of(mean, scaler, LinearAlgebra.forCells()).run(bags, mean, (index, at) -> {
            at.jacobian(spec, 0, bags.get(index).fixedEffects(), true, jacobian, 0);
            sums[0] += form.of(jacobian);
        });
        CellSweep.of(List.of(draws), scaler, LinearAlgebra.forCells())
                .run(bags, List.of(draws), (index, at) -> sums[1] += variance(bags.get(index), draws, at));
        return Math.max(1, sums[1] / sums[0]);
    }

    private static double variance(LabelledBag bag, Draws draws, SoftmaxSums at) {
        double mean = 0;
        double squares = 0;
        for (int s = 0; s < draws.count(); s++) {
            double eta = draws.eta(s, bag, at, 0);
            double difference = eta - mean;
            mean += difference / (s + 1);
            squares += difference * (eta - mean);
        }
        return squares / (draws.count() - 1);
    }
}
