package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.schema.Audit;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator can order: pause, resume, refresh, keep a version, predict with an earlier one. */
class ControlTest {

    private static final JobConfig CONFIG =
            Events.config(Map.of("refresh.fraction", "0.33", "least.visits", "2", "staleness", "0.1"));
    private static final TestBag PROBE = TestBag.of("probe");

    private LearningLoop loop;

    @BeforeEach
    void start() throws Exception {
        loop = LearningLoop.start(CONFIG, 2);
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    @Test
    void aPausedLearnerKeepsTheSumsAndPublishesNothing() throws Exception {
        label(0, 12);
        loop.turn(3);
        long version = loop.newest.getVersion();
        order("c1", ControlKind.PAUSE_LEARNING);
        label(12, 30);
        loop.turn(5);
        assertThat(loop.newest.getVersion()).isEqualTo(version);
        assertThat(loop.openTimers()).isZero();
        loop.assertSumOfSitesEqualsState();
        assertThat(loop.ledger.samples()).hasSize(30);

        order("c2", ControlKind.RESUME_LEARNING);
        loop.turn(1);
        assertThat(loop.newest.getVersion()).isGreaterThan(version);
        assertThat(loop.newest.getLabelledBags()).isEqualTo(30);
    }

    @Test
    void aPauseOutlastsARestore() throws Exception {
        label(0, 12);
        loop.turn(3);
        order("c1", ControlKind.PAUSE_LEARNING);
        label(12, 20);
        LearningLoop.Checkpoint checkpoint = loop.checkpoint(2);
        try (LearningLoop restored = LearningLoop.restore(CONFIG, checkpoint, 1)) {
            restored.turn(5);
            assertThat(restored.newest).isNull();
        }
    }

    @Test
    void aPauseHoldsForAModelThatIsNotKnownYet() throws Exception {
        order("c1", ControlKind.PAUSE_LEARNING);
        label(0, 12);
        loop.turn(5);
        assertThat(loop.newest).isNull();
        assertThat(loop.ledger.samples()).hasSize(12);

        LearningLoop.Checkpoint checkpoint = loop.checkpoint(2);
        try (LearningLoop restored = LearningLoop.restore(CONFIG, checkpoint, 1)) {
            TestBag late = TestBag.of("late");
            restored.bags.send(late.records(restored.bags.events));
            restored.bags.send(restored.bags.events.label(late.label(1, 0).build()));
            restored.turn(5);
            assertThat(restored.newest).isNull();

            restored.bags.command(restored.bags.events.command(
                    Events.command("c2", ControlKind.RESUME_LEARNING).setOutcome(Events.OUTCOME)));
            restored.turn(2);
            assertThat(restored.newest.getLabelledBags()).isEqualTo(13);
            restored.settle();
            assertThat(restored.newest.getSettled()).isTrue();
            restored.assertSumOfSitesEqualsState();
        }
    }

    /** Seed 15 of the simulation. */
    @Test
    void aModelThatIsNotKnownYetIsResumedAlsoWhereItsSitesHaveGone() throws Exception {
        order("c1", ControlKind.PAUSE_LEARNING);
        label(0, 1);
        TestBag gone = TestBag.of("s0");
        loop.bags.send(
                loop.bags.events.label(gone.label(1, 1).setRetracted(true).build()));
        loop.turn(2);
        assertThat(loop.ledger.samples()).isEmpty();
        order("c2", ControlKind.RESUME_LEARNING);

        label(1, 4);
        loop.settle();
        assertThat(loop.newest.getLabelledBags()).isEqualTo(3);
        assertThat(loop.newest.getSettled()).isTrue();
    }

    @Test
    void oneOutcomeIsResumedAndTheOtherStaysPaused() throws Exception {
        JobConfig config = Events.config(Map.of("outcomes", Events.OUTCOME + ":binomial:2, Z:bernoulli"));
        try (LearningLoop both = LearningLoop.start(config, 1)) {
            both.bags.command(both.bags.events.command(Events.command("c1", ControlKind.PAUSE_LEARNING)));
            both.bags.command(both.bags.events.command(
                    Events.command("c2", ControlKind.RESUME_LEARNING).setOutcome("Z")));
            for (int i = 0; i < 5; i++) {
                TestBag bag = TestBag.of("s" + i);
                both.bags.send(bag.records(both.bags.events));
                both.bags.send(both.bags.events.label(bag.label(i % 2, 0).build()));
                both.bags.send(both.bags.events.label(
                        bag.label(i % 2, 0).setOutcome("Z").build()));
            }
            both.turn(3);
            assertThat(both.newest(Events.OUTCOME)).isNull();
            assertThat(both.newest("Z").getLabelledBags()).isEqualTo(5);
        }
    }

    @Test
    void refreshAllWakesAPosteriorThatRests() throws Exception {
        label(0, 56);
        loop.settle();
        long version = loop.newest.getVersion();
        loop.turn(3);
        assertThat(loop.newest.getVersion()).isEqualTo(version);
        order("c1", ControlKind.REFRESH_ALL);
        loop.turn(1);
        assertThat(loop.newest.getVersion()).isGreaterThan(version);
        loop.settle();
        assertThat(loop.newest.getSettled()).isTrue();
        assertThat(loop.newest.getStaleSites()).isZero();
    }

    /** The sites are not yet computed anew when the job is killed, and the command does not come again. */
    @Test
    void aRefreshOutlastsARestore() throws Exception {
        label(0, 56);
        loop.settle();
        order("c1", ControlKind.REFRESH_ALL);
        LearningLoop.Checkpoint checkpoint = loop.checkpoint(2);
        try (LearningLoop restored = LearningLoop.restore(CONFIG, checkpoint, 1)) {
            restored.settle();
            assertThat(restored.newest.getSettled()).isTrue();
            assertThat(restored.audits().stream().mapToInt(Audit::getRefreshed).sum())
                    .isGreaterThanOrEqualTo(56);
            restored.assertSumOfSitesEqualsState();
        }
    }

    @Test
    void theHistoryKeepsVersionsThatRestAndThoseAskedFor() throws Exception {
        label(0, 12);
        loop.turn(2);
        assertThat(loop.history()).isEmpty();
        order("c1", ControlKind.SNAPSHOT);
        loop.turn(1);
        assertThat(loop.history()).hasSize(1);
        long kept = version(loop.history().get(0));
        loop.settle();
        assertThat(loop.history()).hasSize(2);
        assertThat(version(loop.history().get(1)))
                .isEqualTo(loop.newest.getVersion())
                .isGreaterThan(kept);
        order("c2", ControlKind.SNAPSHOT);
        loop.turn(1);
        assertThat(loop.history()).hasSize(3);
        assertThat(version(loop.history().get(2))).isEqualTo(loop.newest.getVersion());
    }

    @Test
    void aPinnedPosteriorPredictsWhileLearningGoesOn() throws Exception {
        label(0, 12);
        loop.turn(2);
        Posterior early = loop.newest;
        loop.bags.send(PROBE.records(loop.bags.events));
        double probability = last(PredictionKind.ARRIVAL).getProbability();
        label(12, 40);
        loop.turn(20);
        loop.bags.command(loop.bags.events.command(pin("c1", early)));
        loop.bags.command(loop.bags.events.scoreAll("c2", 1));
        assertThat(finals("c2")).isNotEmpty().allSatisfy(prediction -> assertThat(prediction.getPosteriorVersion())
                .isEqualTo(early.getVersion()));
        assertThat(finals("c2"))
                .filteredOn(prediction -> prediction.getSampleId().equals("probe"))
                .extracting(Prediction::getProbability)
                .containsExactly(probability);
        long version = loop.newest.getVersion();
        loop.turn(2);
        assertThat(loop.newest.getVersion()).isGreaterThan(version);

        LearningLoop.Checkpoint checkpoint = loop.checkpoint(2);
        try (LearningLoop restored = LearningLoop.restore(CONFIG, checkpoint, 1)) {
            TestBag next = TestBag.of("next");
            restored.bags.send(next.records(restored.bags.events));
            assertThat(restored.bags.predictions(PredictionKind.ARRIVAL).get(0).getPosteriorVersion())
                    .isEqualTo(early.getVersion());
            restored.bags.command(restored.bags.events.command(Events.command("c3", ControlKind.UNPIN_POSTERIOR)));
            TestBag after = TestBag.of("after");
            restored.bags.send(after.records(restored.bags.events));
            assertThat(restored.bags.predictions(PredictionKind.ARRIVAL).get(1).getPosteriorVersion())
                    .isGreaterThan(early.getVersion());
        }
    }

    @Test
    void whatCannotBePinnedIsADeadLetter() throws Exception {
        loop.bags.command(loop.bags.events.command(
                Events.command("c1", ControlKind.PIN_POSTERIOR).setPosterior(ByteBuffer.wrap(new byte[] {1, 2}))));
        loop.bags.command(loop.bags.events.command(Events.command("c2", ControlKind.PIN_POSTERIOR)));
        loop.bags.command(loop.bags.events.command(
                Events.command("c3", ControlKind.PAUSE_LEARNING).setOutcome("Z")));
        assertThat(loop.bags.side(Bags.DEAD_LETTERS))
                .extracting(DeadLetter::getCause)
                .satisfiesExactlyInAnyOrder(
                        cause -> assertThat(cause).contains("'c1'", "posterior: "),
                        cause -> assertThat(cause).contains("'c2'", "posterior: expected one, got none"),
                        cause -> assertThat(cause).contains("'c3'", "outcome: expected one of [Y], got 'Z'"));
    }

    @Test
    void aCorrectedLabelIsFollowedByARevisedPrediction() throws Exception {
        label(0, 30);
        loop.turn(10);
        TestBag bag = TestBag.of("s3");
        double before = probability("c1", bag);
        loop.bags.send(loop.bags.events.label(bag.label(2, 1).build()));
        assertThat(loop.bags.predictions(PredictionKind.REVISED)).isEmpty();
        long version = loop.newest.getVersion();
        loop.turn(3);
        Prediction revised = loop.bags.predictions(PredictionKind.REVISED).get(0);
        assertThat(revised.getSampleId()).isEqualTo("s3");
        assertThat(revised.getPosteriorVersion()).isGreaterThanOrEqualTo(version + 2);
        assertThat(revised.getInTraining()).isTrue();
        assertThat(revised.getProbability()).isNotCloseTo(before, within(1e-6));
        loop.turn(20);
        loop.bags.advanceTime(60_000);
        assertThat(loop.bags.predictions(PredictionKind.REVISED)).hasSize(1);
    }

    @Test
    void aRetractionIsRevisedAlsoWhereNothingIsPublished() throws Exception {
        label(0, 30);
        loop.turn(4);
        order("c1", ControlKind.PAUSE_LEARNING);
        loop.bags.send(loop.bags.events.label(
                TestBag.of("s3").label(0, 1).setRetracted(true).build()));
        loop.bags.advanceTime(4_000);
        assertThat(loop.bags.predictions(PredictionKind.REVISED)).isEmpty();
        loop.bags.advanceTime(4_000);
        assertThat(loop.bags.predictions(PredictionKind.REVISED))
                .extracting(Prediction::getInTraining)
                .containsExactly(false);
    }

    private void label(int from, int to) throws Exception {
        for (int i = from; i < to; i++) {
            TestBag bag = TestBag.of("s" + i);
            loop.bags.send(bag.records(loop.bags.events));
            loop.bags.send(loop.bags.events.label(bag.label(i % 3, 0).build()));
        }
    }

    private void order(String id, ControlKind kind) throws Exception {
        loop.bags.command(loop.bags.events.command(Events.command(id, kind)));
    }

    private static Control.Builder pin(String id, Posterior posterior) {
        return Events.command(id, ControlKind.PIN_POSTERIOR)
                .setPosterior(ByteBuffer.wrap(Events.encode(new PosteriorMessage(posterior), PosteriorMessage.class)));
    }

    private double probability(String command, TestBag bag) throws Exception {
        loop.bags.command(loop.bags.events.scoreAll(command, 1));
        return finals(command).stream()
                .filter(prediction -> prediction.getSampleId().equals(bag.sample()))
                .mapToDouble(Prediction::getProbability)
                .findFirst()
                .orElseThrow();
    }

    private List<Prediction> finals(String command) {
        return loop.bags.predictions(PredictionKind.FINAL).stream()
                .filter(prediction -> prediction.getCommandId().equals(command))
                .toList();
    }

    private Prediction last(PredictionKind kind) {
        List<Prediction> all = loop.bags.predictions(kind);
        return all.stream()
                .filter(prediction -> prediction.getSampleId().equals("probe"))
                .findFirst()
                .orElseThrow();
    }

    private static long version(PosteriorMessage message) {
        return ((Posterior) message.getBody()).getVersion();
    }
}
