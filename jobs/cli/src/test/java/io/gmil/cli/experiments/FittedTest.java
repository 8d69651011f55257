package io.gmil.cli.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cohort.SimulationOptions;
import io.gmil.model.GmilFit;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FittedTest {

    /** P(1 of 2) = 2 p (1 − p). */
    @Test
    void theLogLikelihoodIsThatOfTheBinomial() {
        double[] p = {0.3, 0.3, 0.3};

        double mean = Fitted.logLikelihood(p, new double[] {0, 1, 2});

        assertThat(mean).isCloseTo((Math.log(0.49) + Math.log(0.42) + Math.log(0.09)) / 3, within(1e-12));
    }

    @Test
    void anIntervalCoversWhatIsWithin1Point645StandardDeviations() {
        double[] eta = {-1, -1, -1, -1};
        double[] sd = {1, 1, 1, 1};

        assertThat(Fitted.coverage(eta, sd, new double[] {0, 1.6, -1.6, 1.7}, -1))
                .isEqualTo(0.75);
        assertThat(Fitted.coverage(eta, sd, new double[] {0, 1.6, -1.6, 1.7}, 4))
                .isZero();
    }

    /** A cohort that is easy: what is true must come out, of each outcome for itself. */
    @Test
    void attentionIsFoundInEveryOutcome() throws IOException {
        SimulationOptions options = new SimulationOptions(600, 100, 8, 3, 2, 2, -1, 7, 2, false);
        SimulatedBags bags = new SimulatedBags(options, Distortion.NONE);

        for (int outcome = 0; outcome < 2; outcome++) {
            Map<Figure, Double> gmil = Fitted.figures(bags, outcome, Contender.GMIL, GmilFit.passes(8, 0));
            Map<Figure, Double> mean = Fitted.figures(bags, outcome, Contender.MEAN_POOLING, GmilFit.passes(8, 0));

            assertThat(gmil.get(Figure.RHO)).isGreaterThan(0.9).isGreaterThan(mean.get(Figure.RHO));
            assertThat(gmil.get(Figure.AUC)).isGreaterThan(0.9);
            assertThat(mean.get(Figure.AUC)).isEqualTo(0.5);
            assertThat(gmil.get(Figure.LOG_LIKELIHOOD)).isNegative().isGreaterThan(mean.get(Figure.LOG_LIKELIHOOD));
        }
    }
}
