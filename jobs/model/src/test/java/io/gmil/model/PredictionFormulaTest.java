package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
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
            for (int at = 0; at < formula.factor().rows().length; at += j.length) {
                double dot = Triangular.dot(formula.factor().rows(), at, j, 0, j.length);
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

    /** Λ₀⁻¹ − FᵀF of sites held by rows is the covariance they have as a square. */
    @Test
    void hasTheVarianceOfRowsOfSites() {
        ModelSpec spec = ModelSpec.binomial(2, 5, 2).with(ModelSpec.Covariance.LOW_RANK);
        Random random = new Random(4);
        List<LabelledBag> bags =
                Stream.generate(() -> Bags.bag(random, 6, 5)).limit(9).toList();
        PosteriorSnapshot q =
                GmilFit.passes(4, 1).fit(bags, spec, Bags.scaler(5)).exactSnapshot(0, 1);
        PredictionFormula.Root root = PredictionFormula.of(q, Bags.scaler(5)).factor();
        double[] j = random.doubles(spec.dimension(), -1, 1).toArray();
        double variance = 0;
        for (int i = 0; i < j.length; i++) {
            variance += Math.pow(root.diagonal()[i] * j[i], 2);
        }
        for (int at = 0; at < root.rows().length; at += j.length) {
            variance += root.sign() * Math.pow(Triangular.dot(root.rows(), at, j, 0, j.length), 2);
        }
        assertThat(q.factor()).isInstanceOf(RowFactor.class);
        assertThat((long) root.rows().length).isEqualTo(PredictionFormula.size(q));
        assertThat(variance).isCloseTo(q.variance(j), within(1e-12));
    }

    @Test
    void thePointsGiveTheMeanOfTheSoftmax() {
        double[] eta = {0.3, -1, 0.2};
        double[] sd = {0.5, 2, 1};
        double[] expected = new double[3];
        SoftmaxGaussian.of(3).moments(eta, sd, expected, new double[3]);
        double[] points = PredictionFormula.softmaxPoints(3);
        double[] mean = new double[3];
        double[] p = new double[3];
        for (int i = 0; i < points.length; i += 3) {
            for (int c = 0; c < 3; c++) {
                p[c] = eta[c] + sd[c] * points[i + c];
            }
            SoftmaxGaussian.softmax(p, p);
            Triangular.axpy(3.0 / points.length, p, 0, mean, 0, 3);
        }
        assertThat(mean).usingComparatorWithPrecision(1e-14).containsExactly(expected);
    }
}
