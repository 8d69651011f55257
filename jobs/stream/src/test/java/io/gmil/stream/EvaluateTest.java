package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.model.Scores;
import io.gmil.schema.Evaluation;
import io.gmil.stream.evaluate.Evaluate;
import io.gmil.stream.state.ScoredBag;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

class EvaluateTest {

    private static final double[] PROBABILITY = {0.2, 0.7, 0.4, 0.9};
    private static final double[] SUCCESSES = {0, 2, 1, 1};
    private static final double[] TRIALS = {2, 2, 2, 2};

    @Test
    void aBurstIsAnnouncedOnceAndAnIdleModelNever() throws Exception {
        try (var evaluate = KeyedHarness.open(new Evaluate(), ScoredBag::getModel, null)) {
            for (int i = 0; i < PROBABILITY.length; i++) {
                evaluate.processElement(bag("a", i), 0);
            }
            assertThat(evaluate.extractOutputValues()).isEmpty();
            evaluate.advanceTime(10_000);
            assertThat(evaluate.extractOutputValues()).hasSize(1);
            assertAll(evaluate.extractOutputValues().get(0));
            evaluate.advanceTime(10_000);
            assertThat(evaluate.extractOutputValues()).hasSize(1);
        }
    }

    @Test
    void aRestoreGoesOnCounting() throws Exception {
        OperatorSubtaskState state;
        try (var evaluate = KeyedHarness.open(new Evaluate(), ScoredBag::getModel, null)) {
            evaluate.processElement(bag("a", 0), 0);
            evaluate.processElement(bag("a", 1), 0);
            state = evaluate.snapshot(1, 1);
        }
        try (var evaluate = KeyedHarness.open(new Evaluate(), ScoredBag::getModel, state)) {
            evaluate.processElement(bag("a", 2), 0);
            evaluate.processElement(bag("a", 3), 0);
            evaluate.advanceTime(10_000);
            assertThat(evaluate.extractOutputValues()).hasSize(1);
            assertAll(evaluate.extractOutputValues().get(0));
        }
    }

    @Test
    void modelsAreJudgedApart() throws Exception {
        try (var evaluate = KeyedHarness.open(new Evaluate(), ScoredBag::getModel, null)) {
            evaluate.processElement(bag("a", 0), 0);
            evaluate.processElement(bag("b", 1), 0);
            evaluate.processElement(bag("b", 2), 0);
            evaluate.advanceTime(10_000);
            assertThat(evaluate.extractOutputValues())
                    .extracting(Evaluation::getScored)
                    .containsExactlyInAnyOrder(1L, 2L);
        }
    }

    private static void assertAll(Evaluation evaluation) {
        assertThat(evaluation.getScored()).isEqualTo(PROBABILITY.length);
        assertThat(evaluation.getAuc()).isCloseTo(Scores.auc(PROBABILITY, SUCCESSES, TRIALS), within(1e-9));
        assertThat(evaluation.getLogLoss()).isCloseTo(Scores.logLoss(PROBABILITY, SUCCESSES, TRIALS), within(1e-9));
        assertThat(evaluation.getBrier()).isCloseTo(Scores.brier(PROBABILITY, SUCCESSES, TRIALS), within(1e-9));
        assertThat(evaluation.getWindowScored()).isEqualTo(PROBABILITY.length);
        assertThat(evaluation.getWindowAuc()).isEqualTo(evaluation.getAuc());
        assertThat(evaluation.getWindowLabelDelayMedian()).isEqualTo(1);
        assertThat(evaluation.getWindowLabelDelay90()).isEqualTo(3);
        assertThat(evaluation.getWindowMeanShift()).isEqualTo(2);
    }

    private static ScoredBag bag(String model, int i) {
        return new ScoredBag(
                model,
                Events.STUDY,
                Events.OUTCOME,
                Events.EMBEDDING,
                "1",
                PROBABILITY[i],
                SUCCESSES[i],
                (int) TRIALS[i],
                1000L * i,
                i == 0 ? null : (double) i);
    }
}
