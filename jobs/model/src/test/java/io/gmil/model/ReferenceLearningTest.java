package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.commons.math3.stat.correlation.PearsonsCorrelation;
import org.junit.jupiter.api.Test;

/** The reference mode over many epochs: apart from the rest because it takes long. */
class ReferenceLearningTest {
    private final SimulatedCohort cohort = new SimulatedCohort(5, 150, 12, 4, 1.5, 1.5);
    private final List<ReferenceBag> bags =
            cohort.bags.stream().map(bag -> ReferenceBag.of(bag, cohort.scaler)).toList();

    private static ReferenceFit fit(int epochs) {
        return new ReferenceFit(ReferenceLikelihood.binomial(2), false, epochs, 64, 8, 1e-2, 1);
    }

    private double correlation(ReferenceModel model) {
        return new PearsonsCorrelation().correlation(model.effects(bags), cohort.effects);
    }

    @Test
    void learnsAttention() {
        double start = correlation(fit(0).fit(bags));
        assertThat(correlation(fit(60).fit(bags))).isGreaterThan(start + 0.05);
        assertThat(correlation(fit(60).withMeanField().fit(bags))).isGreaterThan(start + 0.05);
    }
}
