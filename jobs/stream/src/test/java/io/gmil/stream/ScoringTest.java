package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.PredictionStatus;
import io.gmil.schema.Scaler;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bags of a job that only predicts, with the posteriors of a job that learns. */
class ScoringTest {

    private static final JobConfig CONFIG = Events.config(
            Map.of("refresh.fraction", "0.33", "least.visits", "2", "staleness", "0.1", "stale.after", "1h"));
    private static final TestBag PROBE = TestBag.of("probe");
    private final Instant longAgo = Instant.now().minus(Duration.ofHours(2));

    private LearningLoop trainer;
    private BagsHarness scorer;

    @BeforeEach
    void start() throws Exception {
        trainer = LearningLoop.start(CONFIG, 1);
        for (int i = 0; i < 12; i++) {
            TestBag bag = TestBag.of("s" + i);
            trainer.bags.send(bag.records(trainer.bags.events));
            trainer.bags.send(trainer.bags.events.label(bag.label(i % 3, 0).build()));
        }
        trainer.turn(3);
        scorer = BagsHarness.scoring(CONFIG, null, 1, 2);
    }

    @AfterEach
    void stop() {
        trainer.close();
        scorer.close();
    }

    @Test
    void bagsWaitForTheNewestOfTheEarlierPosteriors() throws Exception {
        Posterior first = Posterior.newBuilder(trainer.newest).build();
        trainer.turn(2);
        scorer.send(PROBE.records(scorer.events));
        hear(Events.scaler(CONFIG));
        hear(new PosteriorMessage(first));
        scorer.advanceTime(10_000);
        assertThat(scorer.predictions(PredictionKind.ARRIVAL)).isEmpty();

        hear(new PosteriorMessage(trainer.newest));
        scorer.broadcast(HearPosteriors.publishedRead());
        scorer.advanceTime(1_000);
        assertThat(scorer.predictions(PredictionKind.ARRIVAL))
                .singleElement()
                .extracting(Prediction::getPosteriorVersion)
                .isEqualTo(trainer.newest.getVersion())
                .isNotEqualTo(first.getVersion());
    }

    @Test
    void predictionsAreThoseOfTheTrainerToTheBit() throws Exception {
        hearEverything();
        IntStream.range(0, 20).mapToObj(i -> TestBag.of("new" + i)).forEach(this::sendToBoth);
        List<Prediction> expected = trainer.bags.predictions(PredictionKind.ARRIVAL).stream()
                .filter(prediction -> prediction.getSampleId().startsWith("new"))
                .map(ScoringTest::withoutTime)
                .toList();
        assertThat(scorer.predictions(PredictionKind.ARRIVAL).stream().map(ScoringTest::withoutTime))
                .hasSize(20)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(scorer.side(Bags.ATTENTION)).hasSize(20);
        assertThat(scorer.side(Bags.CHANGES)).isEmpty();
        assertThat(scorer.side(Bags.MOMENTS)).isEmpty();
    }

    private void sendToBoth(TestBag bag) {
        try {
            trainer.bags.send(bag.records(trainer.bags.events));
            scorer.send(bag.records(scorer.events));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Prediction withoutTime(Prediction prediction) {
        return Prediction.newBuilder(prediction).setPredictedAt(Instant.EPOCH).build();
    }

    @Test
    void aRestoredJobWaitsNoMoreOrGoesOnWaiting() throws Exception {
        hear(Events.scaler(CONFIG));
        hear(new PosteriorMessage(trainer.newest));
        scorer.send(PROBE.records(scorer.events));
        try (BagsHarness early = BagsHarness.scoring(CONFIG, scorer.snapshot(), 2, 1)) {
            early.advanceTime(10_000);
            assertThat(early.predictions(PredictionKind.ARRIVAL)).isEmpty();
            early.broadcast(HearPosteriors.publishedRead());
            early.advanceTime(1_000);
            assertThat(early.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        }
        scorer.broadcast(HearPosteriors.publishedRead());
        scorer.advanceTime(1_000);
        try (BagsHarness late = BagsHarness.scoring(CONFIG, scorer.snapshot(), 2, 3)) {
            late.send(TestBag.of("after").records(late.events));
            assertThat(late.predictions(PredictionKind.ARRIVAL))
                    .singleElement()
                    .extracting(Prediction::getPosteriorVersion)
                    .isEqualTo(trainer.newest.getVersion());
        }
    }

    @Test
    void anOldPosteriorIsStaleUnlessItHadSettledOrIsPinned() throws Exception {
        hearEverything();
        assertThat(statusOf("fresh")).isEqualTo(PredictionStatus.WARMUP);
        hear(next(1, longAgo, false));
        assertThat(statusOf("old")).isEqualTo(PredictionStatus.STALE);
        hear(next(2, longAgo, true));
        assertThat(statusOf("old but settled")).isEqualTo(PredictionStatus.WARMUP);
        hear(next(3, longAgo, false));
        Control.Builder pin = Events.command("c1", ControlKind.PIN_POSTERIOR)
                .setPosterior(ByteBuffer.wrap(Events.encode(next(3, longAgo, false), PosteriorMessage.class)));
        scorer.command(scorer.events.command(pin));
        assertThat(statusOf("pinned")).isEqualTo(PredictionStatus.WARMUP);
        scorer.command(scorer.events.command(Events.command("c2", ControlKind.UNPIN_POSTERIOR)));
        assertThat(statusOf("unpinned")).isEqualTo(PredictionStatus.STALE);
    }

    /** Also of one that rests it can be told whether its learner is still there. */
    @Test
    void aSettledPosteriorIsStaleOnceItsLearnerIsOverdue() throws Exception {
        hearEverything();
        hear(resting(longAgo));
        assertThat(statusOf("learner away")).isEqualTo(PredictionStatus.STALE);
        hear(resting(Instant.now()));
        assertThat(statusOf("learner there")).isEqualTo(PredictionStatus.WARMUP);
        hear(resting(longAgo));
        assertThat(statusOf("an old message again")).isEqualTo(PredictionStatus.WARMUP);
        try (BagsHarness restored = BagsHarness.scoring(CONFIG, scorer.snapshot(), 2, 1)) {
            restored.send(PROBE.records(restored.events));
            assertThat(restored.predictions(PredictionKind.ARRIVAL))
                    .singleElement()
                    .extracting(Prediction::getStatus)
                    .isEqualTo(PredictionStatus.WARMUP);
        }
    }

    /** The same version, published at some time by a learner that says so again within the hour. */
    private PosteriorMessage resting(Instant publishedAt) {
        Posterior posterior = (Posterior) next(1, publishedAt, true).getBody();
        posterior.setNextBy(publishedAt.plus(Duration.ofHours(1)));
        return new PosteriorMessage(posterior);
    }

    private PosteriorMessage next(int after, Instant publishedAt, boolean settled) {
        return new PosteriorMessage(Posterior.newBuilder(trainer.newest)
                .setVersion(trainer.newest.getVersion() + after)
                .setPublishedAt(publishedAt)
                .setSettled(settled)
                .build());
    }

    private PredictionStatus statusOf(String sample) throws Exception {
        scorer.send(TestBag.of(sample).records(scorer.events));
        return scorer.predictions(PredictionKind.ARRIVAL).stream()
                .filter(prediction -> prediction.getSampleId().equals(sample))
                .findFirst()
                .orElseThrow()
                .getStatus();
    }

    /** A learner that was begun anew has fitted a scaler of its own; what the one before has left lies on the topic too. */
    @Test
    void theLearnerOfTheNewestGenerationIsFollowed() throws Exception {
        hearEverything();
        Scaler other = Scaler.newBuilder((Scaler) Events.scaler(CONFIG).getBody())
                .setScalerId("anew")
                .build();
        PosteriorMessage anew = new PosteriorMessage(Posterior.newBuilder(trainer.newest)
                .setScalerId("anew")
                .setGeneration(trainer.newest.getGeneration() + 1)
                .setVersion(1)
                .build());
        hear(new PosteriorMessage(other));
        assertThat(scalerOf("before")).isEqualTo("s1");
        hear(anew);
        hear(Events.scaler(CONFIG));
        hear(new PosteriorMessage(trainer.newest));
        assertThat(scalerOf("after")).isEqualTo("anew");
        try (BagsHarness restored = BagsHarness.scoring(CONFIG, scorer.snapshot(), 2, 1)) {
            restored.send(PROBE.records(restored.events));
            assertThat(restored.predictions(PredictionKind.ARRIVAL))
                    .singleElement()
                    .satisfies(prediction -> {
                        assertThat(prediction.getScalerId()).isEqualTo("anew");
                        assertThat(prediction.getPosteriorVersion()).isEqualTo(1);
                    });
        }
    }

    private String scalerOf(String sample) throws Exception {
        scorer.send(TestBag.of(sample).records(scorer.events));
        return scorer.predictions(PredictionKind.ARRIVAL).stream()
                .filter(prediction -> prediction.getSampleId().equals(sample))
                .map(Prediction::getScalerId)
                .findFirst()
                .orElseThrow();
    }

    /** Orders of before the start are read to their end first, and by the source that goes on once more. */
    @Test
    void anOrderThatIsReadAgainChangesNothing() throws Exception {
        hearEverything();
        BagEvent pin = scorer.events.command(Events.command("c1", ControlKind.PIN_POSTERIOR)
                .setPosterior(ByteBuffer.wrap(Events.encode(next(3, longAgo, false), PosteriorMessage.class))));
        BagEvent unpin = scorer.events.command(Events.command("c2", ControlKind.UNPIN_POSTERIOR));
        scorer.broadcast(pin);
        assertThat(versionOf("pinned")).isEqualTo(trainer.newest.getVersion() + 3);
        scorer.broadcast(unpin);
        scorer.broadcast(pin);
        assertThat(versionOf("unpinned")).isEqualTo(trainer.newest.getVersion());
        try (BagsHarness restored = BagsHarness.scoring(CONFIG, scorer.snapshot(), 2, 1)) {
            restored.broadcast(pin);
            restored.send(PROBE.records(restored.events));
            assertThat(restored.predictions(PredictionKind.ARRIVAL))
                    .singleElement()
                    .extracting(Prediction::getPosteriorVersion)
                    .isEqualTo(trainer.newest.getVersion());
        }
    }

    private long versionOf(String sample) throws Exception {
        scorer.send(TestBag.of(sample).records(scorer.events));
        return scorer.predictions(PredictionKind.ARRIVAL).stream()
                .filter(prediction -> prediction.getSampleId().equals(sample))
                .findFirst()
                .orElseThrow()
                .getPosteriorVersion();
    }

    @Test
    void onlyCommandsThatConcernPredictionsReachTheBags() throws Exception {
        for (ControlKind kind : List.of(
                ControlKind.PAUSE_LEARNING,
                ControlKind.RESUME_LEARNING,
                ControlKind.REFRESH_ALL,
                ControlKind.SNAPSHOT,
                ControlKind.UNPIN_POSTERIOR)) {
            assertThat(delivered(Events.command("c", kind))).as("%s", kind).isEmpty();
        }
        assertThat(delivered(Events.command("c", ControlKind.SCORE_ALL))).hasSize(CONFIG.shards());
        assertThat(delivered(Events.command("c", ControlKind.ERASE_PATIENT).setPatientId("p")))
                .hasSize(1);
        assertThat(delivered(Events.command("c", ControlKind.ERASE_PATIENT))).hasSize(1);
    }

    private List<BagEvent> delivered(Control.Builder command) {
        List<BagEvent> out = new ArrayList<>();
        var commands = new Commands.ToScoring(CONFIG);
        commands.open(null);
        commands.flatMap(scorer.events.command(command), new ListCollector<>(out));
        return out;
    }

    private void hearEverything() throws Exception {
        hear(Events.scaler(CONFIG));
        hear(new PosteriorMessage(trainer.newest));
        scorer.broadcast(HearPosteriors.publishedRead());
    }

    private void hear(PosteriorMessage message) throws Exception {
        scorer.broadcast(scorer.events.posterior(message));
    }
}
