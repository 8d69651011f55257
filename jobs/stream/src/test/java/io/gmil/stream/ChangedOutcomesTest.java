package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.schema.ControlKind;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.ScoredBag;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A job goes on from its state with another list of outcomes. */
class ChangedOutcomesTest {

    private static final String OTHER = "Z";
    private static final JobConfig ONE = config("Y:binomial:2");
    private static final JobConfig BOTH = config("Y:binomial:2,Z:binomial:2");
    private static final int BAGS = 9;
    private static final TestBag GONE = TestBag.of("gone");
    private static final TestBag ABSENT = TestBag.of("while absent");

    private static JobConfig config(String outcomes) {
        return Events.config(Map.of("outcomes", outcomes, "refresh.fraction", "0.33", "least.visits", "2"));
    }

    @Test
    void anAddedOutcomeBeginsAtThePriorAndLearnsAlsoFromBagsThatWereThere() throws Exception {
        LearningLoop.Checkpoint before = learnt(ONE);
        try (LearningLoop loop = LearningLoop.restore(BOTH, before, 2)) {
            label(loop, TestBag.of("s0"), OTHER, 2, 0);
            List<Prediction> arrivals = loop.bags.predictions(PredictionKind.ARRIVAL);
            assertThat(arrivals).hasSize(1);
            assertThat(arrivals.get(0).getOutcome()).isEqualTo(OTHER);
            assertThat(arrivals.get(0).getSampleId()).isEqualTo("s0");
            assertThat(arrivals.get(0).getLabelledBags()).isZero();
            assertThat(arrivals.get(0).getInTraining()).isFalse();
            assertThat(loop.bags.side(Bags.SCORED))
                    .extracting(ScoredBag::getProbability)
                    .containsExactly(arrivals.get(0).getProbability());

            loop.bags.send(TestBag.of("new").records(loop.bags.events));
            assertThat(loop.bags.predictions(PredictionKind.ARRIVAL))
                    .filteredOn(each -> each.getSampleId().equals("new"))
                    .extracting(Prediction::getOutcome)
                    .containsExactly(Events.OUTCOME, OTHER);

            loop.advanceTime(12_000);
            loop.turn(3);
            assertThat(loop.newest(OTHER).getLabelledBags()).isEqualTo(1);
            assertThat(loop.newest.getLabelledBags()).isEqualTo(BAGS + 1);
            loop.assertSumOfSitesEqualsState();
            loop.assertSumOfSitesEqualsState(OTHER);
            assertThat(loop.bags.side(Bags.DEAD_LETTERS)).isEmpty();
        }
    }

    @Test
    void aRemovedOutcomeIsNeitherPredictedNorLearnt() throws Exception {
        LearningLoop.Checkpoint before = learnt(BOTH);
        try (LearningLoop loop = LearningLoop.restore(ONE, before, 2)) {
            loop.bags.send(TestBag.of("new").records(loop.bags.events));
            label(loop, TestBag.of("new"), OTHER, 1, 0);
            label(loop, TestBag.of("s0"), Events.OUTCOME, 1, 7);
            loop.bags.publish(new PosteriorMessage(posterior(loop.stored(OTHER).getVersion() + 1)));
            loop.advanceTime(12_000);
            loop.turn(4);
            loop.bags.advanceTime(12_000);
            loop.bags.command(loop.bags.events.scoreAll("final", 1));

            assertThat(loop.bags.drainPredictions())
                    .extracting(Prediction::getOutcome)
                    .hasSizeGreaterThan(BAGS)
                    .containsOnly(Events.OUTCOME);
            assertThat(loop.bags.side(Bags.DEAD_LETTERS))
                    .extracting(DeadLetter::getCause)
                    .singleElement()
                    .asString()
                    .contains("expected an outcome among [Y], got 'Z'");
            assertThat(loop.newest(OTHER)).isNull();
            assertThat(loop.newest.getLabelledBags()).isEqualTo(BAGS + 1);
            loop.assertSumOfSitesEqualsState();
            loop.assertSumOfSitesEqualsState(OTHER);
            assertThat(loop.ledger(OTHER).samples()).hasSize(BAGS + 1);
        }
    }

    @Test
    void whatIsErasedOrReplacedLeavesARemovedOutcomeToo() throws Exception {
        LearningLoop.Checkpoint before = learnt(BOTH);
        try (LearningLoop loop = LearningLoop.restore(ONE, before, 1)) {
            loop.bags.command(loop.bags.events.command(
                    Events.command("e1", ControlKind.ERASE_PATIENT).setPatientId(GONE.patient())));
            loop.bags.send(TestBag.of("s1").revised(1).records(loop.bags.events));
            loop.turn(2);

            assertThat(loop.ledger(OTHER).samples()).hasSize(BAGS - 1).doesNotContain(GONE.sample(), "s1");
            loop.assertSumOfSitesEqualsState(OTHER);
            assertThat(SavepointText.of(loop.savepoint()).contains(GONE.sample()))
                    .isFalse();
        }
    }

    @Test
    void anOutcomeThatComesBackGoesOnWhereItWas() throws Exception {
        LearningLoop.Checkpoint without;
        try (LearningLoop loop = LearningLoop.restore(ONE, learnt(BOTH), 1)) {
            loop.bags.send(ABSENT.records(loop.bags.events));
            loop.bags.send(TestBag.of("s1").revised(1).records(loop.bags.events));
            loop.turn(3);
            loop.advanceTime(12_000);
            without = loop.checkpoint(1);
        }
        try (LearningLoop loop = LearningLoop.restore(BOTH, without, 2)) {
            long version = loop.stored(OTHER).getVersion();
            loop.advanceTime(30_000);
            loop.turn();
            assertThat(loop.newest(OTHER).getVersion()).isGreaterThan(version);
            assertThat(loop.newest(OTHER).getLabelledBags()).isEqualTo(BAGS);

            label(loop, ABSENT, OTHER, 1, 0);
            label(loop, TestBag.of("s1"), OTHER, 1, 0);
            label(loop, TestBag.of("s1"), OTHER, 1, 0);
            loop.turn(3);
            assertThat(loop.ledger(OTHER).samples()).hasSize(BAGS + 2).contains(ABSENT.sample(), "s1");
            loop.assertSumOfSitesEqualsState(OTHER);
            loop.assertSumOfSitesEqualsState();
            assertThat(loop.bags.predictions(PredictionKind.ARRIVAL))
                    .extracting(each -> each.getSampleId() + " " + each.getOutcome())
                    .containsExactly(ABSENT.sample() + " " + OTHER);
        }
    }

    @Test
    void anOutcomeThatComesBackAsAnotherIsRefused() throws Exception {
        LearningLoop.Checkpoint without;
        try (LearningLoop loop = LearningLoop.restore(ONE, learnt(BOTH), 1)) {
            without = loop.checkpoint(1);
        }
        assertThatThrownBy(() -> LearningLoop.restore(config("Y:binomial:2,Z:bernoulli"), without, 1))
                .isInstanceOf(RestoreRefused.class)
                .hasMessage("restored state: outcome: expected Z:binomial:2 as in the savepoint, got Z:bernoulli");
    }

    /** Some bags with labels of every outcome, and a revised prediction of the last that is still due. */
    private static LearningLoop.Checkpoint learnt(JobConfig config) throws Exception {
        try (LearningLoop loop = LearningLoop.start(config, 1)) {
            for (int i = 0; i < BAGS; i++) {
                TestBag bag = TestBag.of("s" + i);
                loop.bags.send(bag.records(loop.bags.events));
                labelAll(loop, bag, i % 3, 0);
            }
            loop.bags.send(GONE.records(loop.bags.events));
            labelAll(loop, GONE, 2, 0);
            loop.turn(4);
            labelAll(loop, TestBag.of("s2"), 1, 1);
            return loop.checkpoint(1);
        }
    }

    /** A message of the posterior topic that was published after the savepoint. */
    private static Posterior posterior(long version) throws Exception {
        try (LearningLoop loop = LearningLoop.start(BOTH, 1)) {
            loop.bags.send(GONE.records(loop.bags.events));
            labelAll(loop, GONE, 1, 0);
            loop.turn();
            return Posterior.newBuilder(loop.newest(OTHER)).setVersion(version).build();
        }
    }

    private static void labelAll(LearningLoop loop, TestBag bag, double value, int revision) throws Exception {
        for (OutcomeConfig outcome : loop.config.outcomes()) {
            label(loop, bag, outcome.name(), value, revision);
        }
    }

    private static void label(LearningLoop loop, TestBag bag, String outcome, double value, int revision)
            throws Exception {
        loop.bags.send(loop.bags.events.label(
                bag.label(value, revision).setOutcome(outcome).build()));
    }
}
