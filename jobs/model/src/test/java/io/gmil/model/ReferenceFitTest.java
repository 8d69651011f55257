package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReferenceFitTest {
    private final SimulatedCohort cohort = new SimulatedCohort(5, 150, 12, 4, 1.5, 1.5);
    private final List<ReferenceBag> bags =
            cohort.bags.stream().map(bag -> ReferenceBag.of(bag, cohort.scaler)).toList();

    private static ReferenceFit fit(int epochs, long seed) {
        return new ReferenceFit(ReferenceLikelihood.binomial(2), false, epochs, 64, 8, 1e-2, seed);
    }

    @Test
    void sameSeedSameParameters() {
        ReferenceParameters first = fit(2, 7).fit(bags).parameters();
        assertThat(fit(2, 7).fit(bags).parameters().covFactor()).isEqualTo(first.covFactor());
        assertThat(fit(2, 8).fit(bags).parameters().covFactor()).isNotEqualTo(first.covFactor());
    }

    @Test
    void predictionDoesNotDependOnOtherBags() {
        ReferenceModel model = fit(1, 1).fit(bags);
        double[] together = model.logits(bags);
        assertThat(model.logits(bags.subList(3, 4))[0]).isEqualTo(together[3]);
        double alpha = model.parameters().alpha()[0];
        assertThat(together[3]).isEqualTo(model.effects(bags)[3] + alpha);
    }

    /** Adam's first step moves parameters by the learning rate; one batch of all bags is one step. */
    @Test
    void anEpochOfOneBatchIsOneStep() {
        for (boolean meanField : new boolean[] {false, true}) {
            ReferenceParameters start = oneBatch(meanField, 0);
            ReferenceParameters moved = oneBatch(meanField, 1);
            for (int a : new int[] {0, 3, 4}) { // α, μ and the covariance; the prior of β starts at its optimum
                double[] before = start.trained().get(a);
                double[] after = moved.trained().get(a);
                for (int i = 0; i < before.length; i++) {
                    assertThat(Math.abs(after[i] - before[i])).isCloseTo(1e-2, within(1e-4));
                }
            }
            assertThat(moved.meanField()).isEqualTo(meanField);
            double alpha = oneBatch(meanField, 2).alpha()[0];
            assertThat(alpha).isNotEqualTo(moved.alpha()[0]).isCloseTo(start.alpha()[0], within(2.1e-2));
        }
    }

    private ReferenceParameters oneBatch(boolean meanField, int epochs) {
        ReferenceFit fit = new ReferenceFit(ReferenceLikelihood.binomial(2), false, epochs, 150, 8, 1e-2, 1);
        return (meanField ? fit.withMeanField() : fit).fit(bags).parameters();
    }

    /** A last batch of one bag has no sd; training goes on. */
    @Test
    void lastBatchOfOneBag() {
        ReferenceModel model = fit(2, 1).fit(bags.subList(0, 65));
        assertThat(Arrays.stream(model.logits(bags))).allMatch(Double::isFinite);
    }

    /** Two classes are one output, as two trials of one kind; three are three. */
    @Test
    void classes() {
        Random random = new Random(3);
        for (int classes : new int[] {2, 3}) {
            List<ReferenceBag> labelled = bags.stream()
                    .map(bag -> new ReferenceBag(
                            bag.cells(), bag.count(), bag.fixedEffects(), new double[] {random.nextInt(classes)}))
                    .toList();
            ReferenceModel model =
                    ReferenceFit.epochs(ReferenceLikelihood.categorical(), 2, 1).fit(labelled);
            assertThat(model.parameters().outputs()).isEqualTo(classes == 2 ? 1 : 3);
            assertThat(model.logits(labelled))
                    .doesNotContain(Double.NaN)
                    .hasSize(labelled.size() * model.mean().length);
        }
    }

    @Test
    void refusesLabels() {
        ReferenceBag bag = new ReferenceBag(new double[4], 1, new double[] {1}, new double[] {3});
        assertThatThrownBy(() -> fit(1, 1).fit(List.of(bag))).hasMessage("label: expected a count of 0 to 2, got 3.0");
        assertThatThrownBy(() -> ReferenceFit.epochs(ReferenceLikelihood.categorical(), 1, 1)
                        .fit(List.of(bag)))
                .hasMessageContaining("[0, 0, 0, 1] bags of classes 0 to 3");
        assertThatThrownBy(() -> ReferenceLikelihood.binomial(3)).hasMessageContaining("1 or 2 trials, got 3");
    }
}
