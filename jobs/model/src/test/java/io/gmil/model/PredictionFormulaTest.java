package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PredictionFormulaTest {
    /** |F J|² and the quadrature, exact and wide: the rest is checked by whoever predicts with the formula. */
    @Test
    void hasTheVarianceAndTheQuadratureOfThePredictor() {
        for (int width : new int[] {4, 200}) {
            ModelSpec spec = ModelSpec.binomial(1, width, 2);
            PosteriorSnapshot q = Bags.posterior(spec, Phase.SAMPLED, 0.3, 2);
            PredictionFormula formula = PredictionFormula.of(q, Bags.scaler(width));
            double[] j = new Random(1).doubles(spec.dimension(), -1, 1).toArray();
            double variance = 0;
            for (int at = 0; at < formula.factor().length; at += j.length) {
                double dot = Triangular.dot(formula.factor(), at, j, 0, j.length);
                variance += dot * dot;
            }
            assertThat(variance).isCloseTo(q.variance(j), within(1e-12 * variance));
            double probability = 0;
            for (int i = 0; i < formula.nodes().length; i++) {
                probability += formula.weights()[i] * LogisticGaussian.sigmoid(0.7 + 1.3 * formula.nodes()[i]);
            }
            assertThat(probability).isCloseTo(LogisticGaussian.mean(0.7, 1.3), within(1e-14));
        }
    }
}
