package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How honest predictions are, on cohorts of the paper's law: 90 % intervals of η against the truth, p against labels. */
class IntervalCoverageTest {
    private static final int TRAIN = 600;
    private static final int TEST = 1000;
    private static final int COHORTS = 4;
    private static final double Z95 = 1.6448536269514722;

    private final ModelSpec spec = ModelSpec.binomial(2, 20, 1);

    /** Of the predicted probabilities of test bags, against their labels. */
    private double slope(SimulatedCohort cohort, Posterior posterior) {
        Predictor predictor = new Predictor(spec, cohort.scaler);
        PosteriorSnapshot q = posterior.snapshot(0, 1);
        List<LabelledBag> test = cohort.bags.subList(TRAIN, TRAIN + TEST);
        double[] p = test.stream()
                .mapToDouble(bag ->
                        predictor.predict(bag.cells(), bag.fixedEffects(), q).probability())
                .toArray();
        double[] trials = new double[TEST];
        Arrays.fill(trials, 2);
        return Calibration.slope(p, test.stream().mapToDouble(LabelledBag::y).toArray(), trials);
    }

    private double coverage(SimulatedCohort cohort, Posterior posterior) {
        Predictor predictor = new Predictor(spec, cohort.scaler);
        PosteriorSnapshot q = posterior.snapshot(0, 1);
        int held = 0;
        for (int b = TRAIN; b < TRAIN + TEST; b++) {
            LabelledBag bag = cohort.bags.get(b);
            BagPrediction p = predictor.predict(bag.cells(), bag.fixedEffects(), q);
            held += Math.abs(cohort.effects[b] - 1 - p.etaMean()) <= Z95 * p.etaSd() ? 1 : 0;
        }
        return (double) held / TEST;
    }

    @Test
    void intervalsHoldTheTruthAndProbabilitiesAreCalibrated() {
        double fitted = 0;
        double narrow = 0;
        double slope = 0;
        for (int k = 0; k < COHORTS; k++) {
            SimulatedCohort cohort = new SimulatedCohort(300 + k, TRAIN + TEST, 40, 20, 0.5, 0.8);
            List<LabelledBag> train = cohort.bags.subList(0, TRAIN);
            Posterior posterior = GmilFit.passes(12, k).fit(train, spec, cohort.scaler);
            fitted += coverage(cohort, posterior) / COHORTS;
            slope += slope(cohort, posterior) / COHORTS;
            // The next step takes the covariance from the sites alone.
            posterior.step();
            narrow += coverage(cohort, posterior) / COHORTS;
        }
        assertThat(fitted).isBetween(0.85, 0.95);
        assertThat(slope).isBetween(0.8, 1.25);
        assertThat(narrow).isLessThan(fitted - 0.03);
    }
}
