package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Strong attention (v_γ = 3.2) on a cohort where the usual start ends in a poor local optimum. */
class SeveralStartsTest {
    private static final int TRAIN = 500;
    private static final int WIDTH = 16;
    private static final long SEED = 22;

    private final SimulatedCohort cohort = new SimulatedCohort(722, TRAIN + 200, 30, WIDTH, 0.5, 3.2);
    private final List<LabelledBag> train = cohort.bags.subList(0, TRAIN);
    private final ModelSpec spec = ModelSpec.binomial(2, WIDTH, 1);

    private double rho(Posterior posterior) {
        Predictor predictor = new Predictor(spec, cohort.scaler);
        PosteriorSnapshot q = posterior.snapshot(0, 1);
        double[] predicted = new double[200];
        double[] truth = new double[200];
        for (int b = 0; b < 200; b++) {
            LabelledBag bag = cohort.bags.get(TRAIN + b);
            predicted[b] = predictor.predict(bag.cells(), bag.fixedEffects(), q).randomEffect();
            truth[b] = cohort.effects[TRAIN + b];
        }
        return Scores.spearman(predicted, truth);
    }

    @Test
    void theBestOfThemIsFound() {
        GmilFit fit = GmilFit.passes(16, SEED);
        Posterior one = fit.fit(train, spec, cohort.scaler);
        Posterior several = fit.withStarts(8).fit(train, spec, cohort.scaler);
        assertThat(Elbo.of(several, train, cohort.scaler, 1)).isGreaterThan(Elbo.of(one, train, cohort.scaler, 1) + 4);
        assertThat(rho(several)).isGreaterThan(rho(one) + 0.1);
    }
}
