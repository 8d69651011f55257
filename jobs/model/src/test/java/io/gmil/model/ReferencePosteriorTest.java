package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A reference fit predicts through the library's own posterior what it predicts itself. */
class ReferencePosteriorTest {
    private static final int EPOCHS = 20;

    private final SimulatedCohort cohort = new SimulatedCohort(3, 120, 10, 4, 0.5, 0.8);
    private final ModelSpec spec = ModelSpec.binomial(2, 4, 1).withSeed(5);

    @Test
    void predictsAsTheReferenceModelDoes() {
        List<ReferenceBag> scaled = cohort.bags.stream()
                .map(bag -> ReferenceBag.of(bag, cohort.scaler))
                .toList();
        double[] effects = ReferenceFit.epochs(new ReferenceBinomial(2), EPOCHS, 5)
                .fit(scaled)
                .effects(scaled);
        ReferencePosterior fitted = ReferencePosterior.fit(cohort.bags, spec, cohort.scaler, EPOCHS);
        PosteriorSnapshot q = fitted.posterior().exactSnapshot(0, 1);
        Predictor predictor = new Predictor(q.spec(), fitted.scaler());
        for (int n = 0; n < effects.length; n++) {
            LabelledBag bag = cohort.bags.get(n);
            assertThat(predictor.predict(bag.cells(), bag.fixedEffects(), q).randomEffect())
                    .isCloseTo(effects[n], within(1e-9));
        }
        assertThat(fitted.posterior().labelledBags()).isEqualTo(120);
        assertThat(q.spec().prior().sigma2Gamma()).isEqualTo(q.variances().gamma());
    }

    @Test
    void whatTheAuthorsCannotLearnIsRefused() {
        ModelSpec heads = ModelSpec.of(new Binomial(2), new ModelSpec.Shape(4, 1, 0, 2));
        assertThatThrownBy(() -> ReferencePosterior.fit(cohort.bags, heads, cohort.scaler, 1))
                .hasMessageContaining("one head");
        assertThatThrownBy(() -> ReferencePosterior.fit(cohort.bags, ModelSpec.binomial(1, 4, 1), cohort.scaler, 1))
                .hasMessageContaining("the same trials");
    }
}
