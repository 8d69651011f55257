package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.ControlKind;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.PredictionStatus;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bags that are not complete in time. */
class BagsDeadlineTest {

    private static final JobConfig REJECT = Events.config(Map.of());
    private static final JobConfig PREDICT = Events.config(Map.of("bag.incomplete", "predict"));
    private static final long START = 1_700_000_000_000L;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long HOUR = 60 * MINUTE;
    private static final TestBag BAG = TestBag.of("s1");

    private BagsHarness bags;

    @BeforeEach
    void start() throws Exception {
        bags = start(REJECT);
    }

    private static BagsHarness start(JobConfig config) throws Exception {
        BagsHarness started = BagsHarness.startWithScaler(config);
        started.advanceTime(START);
        started.events.at(START);
        return started;
    }

    @AfterEach
    void stop() throws Exception {
        bags.close();
    }

    /** Two of three chunks, and the manifest. */
    private void sendMost(TestBag bag) throws Exception {
        List<BagEvent> records = bag.records(bags.events);
        bags.send(records.subList(0, 2));
        bags.send(records.get(3));
    }

    /** Input has been read up to a time, which is now. */
    private void readUpTo(long time) throws Exception {
        bags.advanceTime(Math.max(0, time - START));
        bags.watermark(time);
        bags.events.at(time);
    }

    private List<String> causes() {
        return bags.side(Bags.DEAD_LETTERS).stream().map(DeadLetter::getCause).toList();
    }

    @Test
    void anOverdueBagIsADeadLetterThatSaysWhatIsMissing() throws Exception {
        sendMost(BAG);
        bags.watermark(START + HOUR - MINUTE);
        assertThat(causes()).isEmpty();

        bags.watermark(START + HOUR + 2 * MINUTE);
        assertThat(causes())
                .containsExactly(
                        "sample 's1' revision 0 (gmil.cells-5@101): expected all of it within PT1H of its first"
                                + " record: missing: chunks 2 of 3. Came: 2 chunks, 4 of 6 cells");
        DeadLetter letter = bags.side(Bags.DEAD_LETTERS).get(0);
        assertThat(letter.getSampleId()).isEqualTo("s1");
        assertThat(letter.getOffset()).isEqualTo(101);
        bags.watermark(START + 100 * HOUR);
        assertThat(causes()).hasSize(1);
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();
    }

    @Test
    void aCompleteBagIsNeverOverdue() throws Exception {
        bags.send(BAG.records(bags.events));
        bags.watermark(START + 100 * HOUR);
        assertThat(causes()).isEmpty();
    }

    @Test
    void aRejectedBagCanBeSentAgainAsAWhole() throws Exception {
        sendMost(BAG);
        readUpTo(START + 2 * HOUR);
        assertThat(causes()).hasSize(1);

        bags.send(BAG.records(bags.events));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        assertThat(bags.predictions(PredictionKind.ARRIVAL).get(0).getCells()).isEqualTo(6);
        bags.watermark(START + 100 * HOUR);
        assertThat(causes()).hasSize(1);
    }

    @Test
    void whatComesTooLateBeginsAnewAndIsRejectedAnew() throws Exception {
        sendMost(BAG);
        readUpTo(START + 2 * HOUR);
        bags.send(bags.events.chunk(BAG.chunk(2).build()));
        bags.send(bags.events.chunk(BAG.chunk(2).build()));
        bags.watermark(START + 4 * HOUR);

        assertThat(causes()).hasSize(2);
        assertThat(causes().get(1))
                .contains("missing: the manifest; chunks 0-1 of at least 3. Came: 1 chunks, 2 cells");
    }

    @Test
    void aRejectedRevisionLeavesTheOneBeforeReplaced() throws Exception {
        bags.send(BAG.records(bags.events));
        sendMost(BAG.revised(1));
        readUpTo(START + 2 * HOUR);
        bags.send(BAG.records(bags.events));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);

        bags.send(BAG.revised(2).records(bags.events));
        assertThat(bags.predictions(PredictionKind.ARRIVAL))
                .extracting(Prediction::getRevision)
                .containsExactly(0, 2);
    }

    @Test
    void aNewRevisionHasADeadlineOfItsOwn() throws Exception {
        sendMost(BAG);
        readUpTo(START + HOUR / 2);
        sendMost(BAG.revised(1));
        bags.watermark(START + HOUR + 10 * MINUTE);
        assertThat(causes()).isEmpty();
        bags.watermark(START + 2 * HOUR);
        assertThat(causes()).hasSize(1).allMatch(cause -> cause.contains("revision 1"));
    }

    @Test
    void deadlinesSurviveARestoreAtAnotherParallelism() throws Exception {
        for (int i = 0; i < 20; i++) {
            sendMost(TestBag.of("s" + i));
        }
        var state = bags.snapshot();
        try (BagsHarness restored = BagsHarness.restore(REJECT, state, 1, 3)) {
            restored.advanceTime(START + 5 * HOUR);
            restored.events.at(START + 5 * HOUR);
            assertThat(restored.side(Bags.DEAD_LETTERS))
                    .as("before anything is read")
                    .isEmpty();
            restored.send(restored.events
                    .at(START + MINUTE)
                    .chunk(TestBag.of("s7").chunk(2).build()));
            restored.watermark(START + HOUR / 2);
            assertThat(restored.side(Bags.DEAD_LETTERS)).isEmpty();
            assertThat(restored.predictions(PredictionKind.ARRIVAL)).hasSize(1);

            restored.watermark(START + 2 * HOUR);
            assertThat(restored.side(Bags.DEAD_LETTERS))
                    .extracting(DeadLetter::getSampleId)
                    .hasSize(19)
                    .doesNotHaveDuplicates()
                    .doesNotContain("s7");
        }
    }

    /** The job was down for a day: chunks that waited in Kafka are read before their deadline strikes. */
    @Test
    void aBacklogIsReadFirst() throws Exception {
        sendMost(BAG);
        bags.watermark(START);
        var state = bags.snapshot();
        try (BagsHarness restored = BagsHarness.restore(REJECT, state, 1, 1)) {
            restored.advanceTime(START + 24 * HOUR);
            restored.advanceTime(MINUTE);
            restored.watermark(START + MINUTE);
            restored.send(
                    restored.events.at(START + 2 * MINUTE).chunk(BAG.chunk(2).build()));
            restored.watermark(START + 24 * HOUR);
            assertThat(restored.predictions(PredictionKind.ARRIVAL)).hasSize(1);
            assertThat(restored.side(Bags.DEAD_LETTERS)).isEmpty();
        }
    }

    @Test
    void lateRecordsHaveAWholeDeadlineToo() throws Exception {
        readUpTo(START + 10 * HOUR);
        bags.events.at(START);
        sendMost(BAG);
        bags.watermark(START + 10 * HOUR + 30 * MINUTE);
        assertThat(causes()).isEmpty();
        bags.send(bags.events.chunk(BAG.chunk(2).build()));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
    }

    @Test
    void withoutAnyInputTheWallClockStrikes() throws Exception {
        bags.watermark(START);
        sendMost(BAG);
        passQuietly(HOUR);
        assertThat(causes()).isEmpty();
        passQuietly(HOUR / 2);
        assertThat(causes()).hasSize(1);
        // What is known of it waits to be dropped.
        assertThat(bags.timers()).isEqualTo(1);
    }

    @Test
    void whileThereIsInputTheWallClockDoesNot() throws Exception {
        bags.watermark(START);
        sendMost(BAG);
        for (int i = 0; i < 20; i++) {
            passQuietly(HOUR / 2);
            bags.send(bags.events.chunk(BAG.chunk(0).build()));
        }
        assertThat(causes()).isEmpty();
    }

    /** In steps, as a running process sees time pass. */
    private void passQuietly(long millis) throws Exception {
        for (long passed = 0; passed < millis; passed += MINUTE) {
            bags.advanceTime(MINUTE);
        }
    }

    @Test
    void anErasedPatientHasNoDeadline() throws Exception {
        sendMost(new TestBag("leaving-1", "leaving", 0, 3));
        bags.send(new TestBag("leaving-2", "leaving", 0, 3).records(bags.events));
        assertThat(SavepointText.of(bags.savepoint()).contains("leaving")).isTrue();
        bags.command(bags.events.command(
                Events.command("e1", ControlKind.ERASE_PATIENT).setPatientId("leaving")));
        assertThat(SavepointText.of(bags.savepoint()).contains("leaving")).isFalse();
        assertThat(bags.timers()).as("that of the receipt").isEqualTo(1);
        bags.watermark(START + 10_000 * HOUR);
        assertThat(causes()).isEmpty();
    }

    @Test
    void aBagPredictedInPartIsNotLearnt() throws Exception {
        restart(PREDICT);
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        sendMost(BAG);
        readUpTo(START + 2 * HOUR);

        Prediction partial = bags.predictions(PredictionKind.ARRIVAL).get(0);
        assertThat(partial.getStatus()).isEqualTo(PredictionStatus.PARTIAL);
        assertThat(partial.getCells()).isEqualTo(4);
        assertThat(partial.getInTraining()).isFalse();
        assertThat(bags.side(Bags.ATTENTION)).singleElement().satisfies(attention -> {
            assertThat(attention.getCells()).isEqualTo(4);
            assertThat(attention.getTop()).hasSize(4);
        });
        bags.send(bags.events.label(BAG.label(2, 1).build()));
        bags.watermark(START + 100 * HOUR);
        assertThat(bags.side(Bags.CHANGES)).isEmpty();
        assertThat(bags.side(Bags.SCORED)).isEmpty();
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        assertThat(causes()).isEmpty();
    }

    @Test
    void theRestOfItMakesACompleteBagAndNoSecondArrival() throws Exception {
        restart(PREDICT);
        sendMost(BAG);
        readUpTo(START + 2 * HOUR);
        sendMost(BAG);
        var state = bags.snapshot();
        bags.close();
        bags = BagsHarness.restore(PREDICT, state, 1, 2);
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        bags.send(BAG.records(bags.events));
        bags.send(BAG.records(bags.events));
        bags.watermark(START + 100 * HOUR);

        assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();
        assertThat(bags.predictions(PredictionKind.REVISED)).singleElement().satisfies(revised -> {
            assertThat(revised.getStatus()).isEqualTo(PredictionStatus.WARMUP);
            assertThat(revised.getCells()).isEqualTo(6);
        });
        assertThat(bags.side(Bags.SCORED)).hasSize(1);
        SiteLedger ledger = new SiteLedger();
        bags.drain(Bags.CHANGES).forEach(ledger::apply);
        assertThat(ledger.samples()).containsExactly("s1");
        assertThat(causes()).isEmpty();
        bags.command(bags.events.scoreAll("end", 2));
        assertThat(bags.predictions(PredictionKind.FINAL)).hasSize(1);
    }

    @Test
    void aRevisionAfterAPartialPredictionHasAnArrivalOfItsOwn() throws Exception {
        restart(PREDICT);
        sendMost(BAG);
        readUpTo(START + 2 * HOUR);
        bags.send(BAG.revised(1).records(bags.events));
        assertThat(bags.predictions(PredictionKind.ARRIVAL))
                .extracting(Prediction::getRevision)
                .containsExactly(0, 1);
        assertThat(bags.predictions(PredictionKind.REVISED)).isEmpty();
    }

    @Test
    void withoutItsManifestABagCountsAsAverage() throws Exception {
        restart(Events.config(Map.of("bag.incomplete", "predict", "covariates", "age")));
        bags.send(BAG.records(bags.events).subList(0, 3));
        readUpTo(START + 2 * HOUR);
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).singleElement().satisfies(partial -> {
            assertThat(partial.getStatus()).isEqualTo(PredictionStatus.PARTIAL);
            assertThat(partial.getCells()).isEqualTo(6);
        });
    }

    @Test
    void withoutACellThereIsNothingToPredictFrom() throws Exception {
        restart(PREDICT);
        bags.send(bags.events.manifest(BAG.manifest().build()));
        readUpTo(START + 2 * HOUR);
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();
        assertThat(causes()).hasSize(1).allMatch(cause -> cause.contains("missing: chunks 0-2 of 3. Came: 0 chunks"));
    }

    @Test
    void withoutAScalerABagHasAnotherDeadline() throws Exception {
        bags.close();
        bags = BagsHarness.start(PREDICT);
        bags.advanceTime(START);
        bags.events.at(START);
        sendMost(BAG);
        bags.watermark(START + 2 * HOUR);
        bags.publish(Events.scaler(PREDICT));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();
        bags.watermark(START + 4 * HOUR);
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        assertThat(causes()).isEmpty();
    }

    private void restart(JobConfig config) throws Exception {
        bags.close();
        bags = start(config);
    }
}
