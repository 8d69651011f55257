package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
        ModelSpec lowRank = spec.with(ModelSpec.Covariance.LOW_RANK);
        assertThatThrownBy(() -> ReferencePosterior.fit(cohort.bags, lowRank, cohort.scaler, 1))
                .hasMessageContaining("got low-rank");
        ModelSpec two = ModelSpec.of(new Categorical(2), new ModelSpec.Shape(4, 1, 0, 1));
        assertThatThrownBy(() -> ReferencePosterior.fit(cohort.bags, two, cohort.scaler, 1))
                .hasMessageContaining("3 classes or more");
    }

    /** Two outcomes, one of them of classes, and bags without the one or the other. */
    @Test
    void severalOutcomesAndClassesHaveTheLinearPredictorsOfTheReferenceModel() {
        Likelihood[] likelihoods = {new Categorical(3), new Binomial(2)};
        SmallCohort small = new SmallCohort(3, 90, 6, 4, likelihoods);
        List<LabelledBag> bags = new ArrayList<>(small.bags);
        for (int n = 0; n < 20; n++) {
            LabelledBag bag = bags.get(n);
            Label[] labels = bag.labels().clone();
            labels[n % 2] = null;
            bags.set(n, new LabelledBag(bag.cells(), bag.fixedEffects(), labels));
        }
        List<ModelSpec> specs = Stream.of(likelihoods)
                .map(likelihood -> small.spec(likelihood).withSeed(5))
                .toList();
        List<String> told = new ArrayList<>();
        List<OutcomePosterior> fitted =
                ReferencePosterior.fit(bags, specs, small.scaler, EPOCHS, (done, of) -> told.add(done + "/" + of));
        assertThat(told).hasSize(2 * EPOCHS).endsWith("40/40");
        Predictor predictor = new Predictor(specs, small.scaler);
        PosteriorSnapshot[][] q =
                fitted.stream().map(outcome -> outcome.exactSnapshots(0, 1)).toArray(PosteriorSnapshot[][]::new);
        for (int o = 0; o < 2; o++) {
            List<ReferenceBag> scaled = LabelledBag.of(bags, o).stream()
                    .map(bag -> ReferenceBag.of(bag, small.scaler))
                    .toList();
            assertThat(scaled).hasSize(80);
            ReferenceLikelihood likelihood =
                    o == 0 ? ReferenceLikelihood.categorical() : ReferenceLikelihood.binomial(2);
            double[] logits =
                    ReferenceFit.epochs(likelihood, EPOCHS, 5).fit(scaled).logits(scaled);
            int classes = q[o].length;
            for (int n = 0; n < scaled.size(); n++) {
                LabelledBag bag = LabelledBag.of(bags, o).get(n);
                BagPrediction[] predictions = predictor.predict(bag.cells(), bag.fixedEffects(), q, null)[o];
                for (int c = 0; c < classes; c++) {
                    assertThat(predictions[c].etaMean()).isCloseTo(logits[n * classes + c], within(1e-9));
                }
            }
        }
    }
}
