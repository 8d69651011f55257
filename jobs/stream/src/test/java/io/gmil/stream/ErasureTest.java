package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.schema.Audit;
import io.gmil.schema.CellChunk;
import io.gmil.schema.ControlKind;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.ErasureReceipt;
import io.gmil.schema.ErasureStage;
import io.gmil.schema.LabelledSample;
import io.gmil.schema.Phase;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.LearnerOrder;
import io.gmil.stream.state.LearnerOrderKind;
import io.gmil.stream.state.ScalerInput;
import io.gmil.stream.state.SiteChanges;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** A patient withdraws. */
class ErasureTest {

    private static final JobConfig CONFIG = Events.config(Map.of(
            "refresh.fraction", "0.33", "least.visits", "2", "staleness", "0.1", "erasure.complete-after", "P30D"));
    private static final int BAGS = 56;

    /** Two samples of one patient, who is to be erased. */
    private static final TestBag FIRST = new TestBag("leaving-1", "leaving", 0, 3);

    private static final TestBag SECOND = new TestBag("leaving-2", "leaving", 0, 2);

    @Test
    void nothingOfThePatientIsLeftInAnyState() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 2)) {
            learn(loop);
            String before = SavepointText.of(loop.savepoint());
            assertThat(before.contains("leaving")).isTrue();
            assertThat(before.contains(cells(FIRST))).isTrue();

            erase(loop, "e1", false);
            loop.turn(3);

            String after = SavepointText.of(loop.savepoint());
            assertThat(after.contains("leaving")).isFalse();
            assertThat(after.contains(cells(FIRST))).isFalse();
            assertThat(after.contains(cells(TestBag.of("s1")))).isTrue();
            assertThat(loop.ledger.samples()).hasSize(BAGS).noneMatch(sample -> sample.startsWith("leaving"));
            loop.assertSumOfSitesEqualsState();
        }
    }

    @Test
    void theNextVersionSaysThatSomebodyWasErasedButNotWho() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            learn(loop);
            long version = loop.newest.getVersion();
            loop.bags.send(loop.bags.events.label(SECOND.label(0, 4).build()));
            erase(loop, "e1", false);
            loop.turn(1);

            assertThat(loop.newest.getVersion()).isGreaterThan(version);
            assertThat(loop.newest.getLabelledBags()).isEqualTo(BAGS);
            List<Audit> since = loop.audits().stream()
                    .filter(audit -> audit.getVersion() > version)
                    .toList();
            assertThat(since.get(0).getErasures()).containsExactly("e1");
            assertThat(since)
                    .flatExtracting(Audit::getRemoved)
                    .extracting(LabelledSample::getSampleId)
                    .isEmpty();
            assertThat(since)
                    .flatExtracting(Audit::getAdded)
                    .extracting(LabelledSample::getSampleId)
                    .isEmpty();
        }
    }

    /** Also where the posterior hardly moves. */
    @Test
    void everyOtherSiteIsComputedAnewOnce() throws Exception {
        JobConfig config = Events.config(Map.of("refresh.fraction", "0.33", "least.visits", "2", "staleness", "5"));
        try (LearningLoop loop = LearningLoop.start(config, 2)) {
            learn(loop);
            long version = loop.newest.getVersion();
            erase(loop, "e1", false);
            loop.turn();
            assertThat(loop.newest.getVersion()).isEqualTo(version + 1);
            assertThat(loop.newest.getSettled()).isFalse();
            loop.settle();

            assertThat(loop.newest.getSettled()).isTrue();
            assertThat(loop.audits().stream()
                            .filter(audit -> audit.getVersion() > version)
                            .mapToInt(Audit::getRefreshed)
                            .sum())
                    .isGreaterThanOrEqualTo(BAGS);
        }
    }

    @Test
    void whatWasPinnedBeforeIsNotServedAnyMore() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 2)) {
            learn(loop);
            Posterior before = loop.newest;
            pin(loop, "c1", before);
            assertThat(predictedWith(loop, "a")).isEqualTo(before.getVersion());

            erase(loop, "e1", false);
            loop.turn(2);
            assertThat(predictedWith(loop, "b")).isGreaterThan(before.getVersion());
            pin(loop, "c2", before);
            assertThat(predictedWith(loop, "c")).isGreaterThan(before.getVersion());
            assertThat(loop.bags.side(Bags.DEAD_LETTERS))
                    .extracting(DeadLetter::getCause)
                    .satisfiesExactly(
                            cause -> assertThat(cause)
                                    .contains("on, after a patient was erased, got", "it is pinned no more"),
                            cause -> assertThat(cause)
                                    .contains("on, after a patient was erased, got", "(gmil.control-"));

            Posterior after = loop.newest;
            pin(loop, "c3", after);
            loop.turn(3);
            assertThat(loop.newest.getVersion()).isGreaterThan(after.getVersion());
            LearningLoop.Checkpoint checkpoint = loop.checkpoint(2);
            try (LearningLoop restored = LearningLoop.restore(CONFIG, checkpoint, 1)) {
                assertThat(predictedWith(restored, "d")).isEqualTo(after.getVersion());
            }
        }
    }

    private static void pin(LearningLoop loop, String command, Posterior posterior) throws Exception {
        loop.bags.command(loop.bags.events.command(Events.command(command, ControlKind.PIN_POSTERIOR)
                .setPosterior(
                        ByteBuffer.wrap(Events.encode(new PosteriorMessage(posterior), PosteriorMessage.class)))));
    }

    /** The version that a sample is predicted with. */
    private static long predictedWith(LearningLoop loop, String sample) throws Exception {
        loop.bags.send(TestBag.of(sample).records(loop.bags.events));
        return loop.bags.predictions(PredictionKind.ARRIVAL).stream()
                .filter(prediction -> prediction.getSampleId().equals(sample))
                .mapToLong(Prediction::getPosteriorVersion)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatIsStillToBeToldOfARetractionIsNotTold() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            learn(loop);
            long version = loop.newest.getVersion();
            loop.bags.send(
                    loop.bags.events.label(FIRST.label(0, 1).setRetracted(true).build()));
            erase(loop, "e1", false);
            loop.turn(2);
            assertThat(loop.audits().stream().filter(audit -> audit.getVersion() > version))
                    .isNotEmpty()
                    .noneMatch(audit -> audit.toString().contains("leaving"));
            assertThat(SavepointText.of(loop.savepoint()).contains("leaving")).isFalse();
        }
    }

    /** Its sites have gone before the patient, but not what they did to the others, nor what was pinned. */
    @Test
    void ofBagsThatWereJustReplacedTheNextVersionSaysSoToo() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            learn(loop);
            Posterior before = loop.newest;
            for (TestBag bag : List.of(FIRST, SECOND)) {
                loop.bags.send(bag.revised(1).records(loop.bags.events).subList(0, 1));
            }
            erase(loop, "e1", false);
            loop.turn(2);

            assertThat(loop.audits().stream()
                            .filter(audit -> audit.getVersion() > before.getVersion())
                            .flatMap(audit -> audit.getErasures().stream()))
                    .containsExactly("e1");
            assertThat(loop.newest.getErasedSince().getVersion()).isGreaterThan(before.getVersion());
            pin(loop, "c1", before);
            assertThat(predictedWith(loop, "a")).isGreaterThan(before.getVersion());
        }
    }

    @Test
    void ofARevisionOfAnotherEmbeddingTheLearnerOfTheOneBeforeIsTold() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            learn(loop);
            long version = loop.newest.getVersion();
            for (TestBag bag : List.of(FIRST, SECOND)) {
                CellChunk chunk = CellChunk.newBuilder(bag.revised(1).chunk(0))
                        .setEmbeddingVersion("2")
                        .build();
                loop.bags.send(loop.bags.events.chunk(chunk));
            }
            erase(loop, "e1", false);
            loop.turn(2);
            assertThat(loop.newest.getErasedSince().getVersion()).isGreaterThan(version);
            assertThat(SavepointText.of(loop.savepoint()).contains("leaving")).isFalse();
        }
    }

    @Test
    void whoWasNeverLearntIsErasedWithoutAVersion() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            label(loop);
            loop.settle();
            long version = loop.newest.getVersion();
            loop.bags.send(FIRST.records(loop.bags.events));
            erase(loop, "e1", false);
            loop.turn(2);
            assertThat(loop.newest.getVersion()).isEqualTo(version);
            assertThat(loop.newest.getErasedSince()).isNull();
        }
    }

    @Test
    void theReceiptIsPendingUntilCopiesHaveExpired() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            learn(loop);
            erase(loop, "e1", false);
            ErasureReceipt pending = receipts(loop.bags).get(0);
            assertThat(pending.getCommandId()).isEqualTo("e1");
            assertThat(pending.getStage()).isEqualTo(ErasureStage.PENDING);
            assertThat(pending.getSamples()).isEqualTo(2);
            assertThat(pending.getLabels()).isEqualTo(2);
            assertThat(pending.getSites()).isEqualTo(2);
            assertThat(Duration.between(pending.getErasedAt(), pending.getCompleteAfter()))
                    .isEqualTo(Duration.ofDays(30));

            erase(loop, "e1", false);
            assertThat(receipts(loop.bags)).as("of a repeated command").hasSize(1);

            LearningLoop.Checkpoint checkpoint = loop.checkpoint(1);
            try (LearningLoop restored = LearningLoop.restore(CONFIG, checkpoint, 2)) {
                restored.bags.advanceTime(Duration.ofDays(29).toMillis());
                assertThat(receipts(restored.bags)).isEmpty();
                restored.bags.advanceTime(Duration.ofDays(2).toMillis());
                assertThat(receipts(restored.bags))
                        .extracting(ErasureReceipt::getStage)
                        .containsExactly(ErasureStage.COMPLETE);
                restored.bags.advanceTime(Duration.ofDays(60).toMillis());
                assertThat(receipts(restored.bags)).hasSize(1);
            }
        }
    }

    @Test
    void whatComesLaterIsRefusedAndNotKept() throws Exception {
        OperatorSubtaskState state;
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(FIRST.records(bags.events).subList(0, 2));
            bags.command(bags.events.command(
                    Events.command("e1", ControlKind.ERASE_PATIENT).setPatientId("leaving")));
            assertThat(receipts(bags)).hasSize(1);
            state = bags.snapshot();
        }
        try (BagsHarness bags = BagsHarness.restore(CONFIG, state, 1, 3)) {
            bags.send(FIRST.records(bags.events));
            bags.send(SECOND.revised(7).records(bags.events));
            bags.send(bags.events.label(FIRST.label(1, 9).build()));
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();
            List<DeadLetter> letters = bags.side(Bags.DEAD_LETTERS);
            assertThat(letters).hasSize(FIRST.chunks() + SECOND.chunks() + 3).allSatisfy(letter -> {
                assertThat(letter.toString()).doesNotContain("leaving");
                assertThat(letter.getRecord()).isNull();
            });
            assertThat(letters.get(0).getCause())
                    .matches("record \\(gmil.cells-5@\\d+\\): expected none of this patient, who was erased");
            assertThat(SavepointText.of(bags.savepoint()).contains("leaving")).isFalse();

            TestBag another = TestBag.of("another");
            bags.send(another.records(bags.events));
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        }
    }

    @Test
    void anExactErasureLearnsAnewFromTheRest() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1);
                LearningLoop never = LearningLoop.start(CONFIG, 1)) {
            learn(loop);
            label(never);
            never.settle();
            erase(loop, "e1", true);
            loop.turn(1);
            assertThat(loop.newest.getPhase()).isNotEqualTo(Phase.SAMPLED);
            loop.settle();

            assertThat(loop.newest.getSettled()).isTrue();
            assertThat(loop.newest.getPhase()).isEqualTo(Phase.SAMPLED);
            assertThat(loop.newest.getLabelledBags()).isEqualTo(BAGS);
            assertThat(probability(loop)).isCloseTo(probability(never), within(0.02));
            loop.assertSumOfSitesEqualsState();
        }
    }

    @Test
    void aBagThatWaitsForTheScalerIsTakenOutOfItsMoments() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG)) {
            bags.send(FIRST.records(bags.events));
            bags.command(bags.events.command(
                    Events.command("e1", ControlKind.ERASE_PATIENT).setPatientId("leaving")));
            List<ScalerInput> moments = bags.side(Bags.MOMENTS);
            assertThat(moments).hasSize(2);
            assertThat(moments.get(1).getCells())
                    .isEqualTo(-moments.get(0).getCells())
                    .isNegative();
            assertThat(moments.get(1).getMean()).isEqualTo(moments.get(0).getMean());
        }
    }

    @Test
    void soIsOneThatANewRevisionReplaces() throws Exception {
        try (BagsHarness bags = BagsHarness.start(CONFIG)) {
            bags.send(FIRST.records(bags.events));
            bags.send(FIRST.revised(1).records(bags.events).subList(0, 1));
            List<ScalerInput> moments = bags.side(Bags.MOMENTS);
            assertThat(moments).hasSize(2);
            assertThat(moments.get(1).getCells()).isEqualTo(-moments.get(0).getCells());
        }
    }

    private static void learn(LearningLoop loop) throws Exception {
        label(loop);
        for (TestBag bag : List.of(FIRST, SECOND)) {
            loop.bags.send(bag.records(loop.bags.events));
            loop.bags.send(loop.bags.events.label(bag.label(2, 0).build()));
        }
        loop.settle();
    }

    private static void label(LearningLoop loop) throws Exception {
        for (int i = 0; i < BAGS; i++) {
            TestBag bag = TestBag.of("s" + i);
            loop.bags.send(bag.records(loop.bags.events));
            loop.bags.send(loop.bags.events.label(bag.label(i % 3, 0).build()));
        }
    }

    @Test
    void anExactErasureReachesALearnerThatIsKnownByTheSitesOfThePatientAlone() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            TestBag bag = TestBag.of("only");
            bags.send(bag.records(bags.events));
            bags.send(bags.events.label(bag.label(1, 0).build()));
            bags.drain(Bags.CHANGES);
            bags.command(bags.events.command(Events.command("e1", ControlKind.ERASE_PATIENT)
                    .setPatientId(bag.patient())
                    .setExact(true)));
            assertThat(bags.side(Bags.CHANGES))
                    .extracting(SiteChanges::getOrder)
                    .filteredOn(order -> order != null)
                    .extracting(LearnerOrder::getKind)
                    .containsExactly(LearnerOrderKind.RESTART);
        }
    }

    private static void erase(LearningLoop loop, String command, boolean exact) throws Exception {
        loop.bags.command(loop.bags.events.command(Events.command(command, ControlKind.ERASE_PATIENT)
                .setPatientId("leaving")
                .setExact(exact)));
    }

    private static double probability(LearningLoop loop) throws Exception {
        TestBag probe = TestBag.of("probe");
        loop.bags.send(probe.records(loop.bags.events));
        return loop.bags.predictions(PredictionKind.ARRIVAL).stream()
                .filter(prediction -> prediction.getSampleId().equals("probe"))
                .mapToDouble(Prediction::getProbability)
                .findFirst()
                .orElseThrow();
    }

    private static List<ErasureReceipt> receipts(BagsHarness bags) {
        return bags.side(Bags.RECEIPTS).stream().map(Audit::getReceipt).toList();
    }

    private static String cells(TestBag bag) {
        return new String(Bytes.array(bag.chunk(1).getValues()), StandardCharsets.ISO_8859_1);
    }
}
