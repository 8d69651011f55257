package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Accuracy on the paper's simulation, where the reference reaches ρ .81 and AUC .94 on average, mean pooling .57. */
class GmilFitTest {
    private static final int TRAIN = 1000;

    private final SimulatedCohort cohort = new SimulatedCohort(42, 1200, 50, 30, 0.5, 0.8);
    private final ModelSpec spec = ModelSpec.binomial(2, 30, 1);

    private record Accuracy(double rho, double auc) {}

    private Accuracy accuracy(Posterior posterior) {
        PosteriorSnapshot q = posterior.snapshot(0, 1);
        Predictor predictor = new Predictor(spec, cohort.scaler);
        int n = cohort.bags.size() - TRAIN;
        double[] predicted = new double[n];
        double[] truth = new double[n];
        List<double[]> weights = new ArrayList<>();
        List<double[]> trueWeights = new ArrayList<>();
        for (int b = 0; b < n; b++) {
            LabelledBag bag = cohort.bags.get(TRAIN + b);
            BagPrediction p = predictor.predict(bag.cells(), bag.fixedEffects(), q, AttentionRequest.top(0));
            predicted[b] = p.randomEffect();
            truth[b] = cohort.effects[TRAIN + b];
            double[] w = new double[bag.cells().count()];
            for (int i = 0; i < w.length; i++) {
                w[p.attention().topIndex()[i]] = p.attention().topWeight()[i];
            }
            weights.add(w);
            trueWeights.add(cohort.weights[TRAIN + b]);
        }
        return new Accuracy(
                Scores.spearman(predicted, truth), Scores.retrievalAuc(flat(trueWeights), flat(weights), 0.1));
    }

    private static double[] flat(List<double[]> arrays) {
        return arrays.stream().flatMapToDouble(Arrays::stream).toArray();
    }

    @Test
    void reachesTheAccuracyOfTheReference() {
        List<LabelledBag> train = cohort.bags.subList(0, TRAIN);
        Accuracy fresh = accuracy(GmilFit.passes(12, 0).fit(train, spec, cohort.scaler));
        Accuracy fixed = accuracy(GmilFit.passes(12, 0).withFixedNoise().fit(train, spec, cohort.scaler));
        Accuracy pooled = accuracy(GmilFit.passes(6, 0).withoutAttention().fit(train, spec, cohort.scaler));
        assertThat(fresh.rho).isGreaterThan(0.75);
        assertThat(fresh.auc).isGreaterThan(0.9);
        assertThat(fixed.rho).isGreaterThan(fresh.rho - 0.02);
        assertThat(pooled.rho).isBetween(0.45, 0.7);
    }

    @Test
    void tellsOfEveryPassOfAllStarts() {
        List<String> told = new ArrayList<>();
        GmilFit.passes(8, 0)
                .withStarts(2)
                .fit(cohort.bags.subList(0, 20), List.of(spec), cohort.scaler, (done, of) -> told.add(done + "/" + of));
        assertThat(told).hasSize(14).startsWith("1/14").endsWith("14/14");
    }
}
