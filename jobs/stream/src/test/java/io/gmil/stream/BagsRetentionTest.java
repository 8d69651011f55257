package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.DeadLetter;
import io.gmil.schema.Label;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bags that nobody labels. */
class BagsRetentionTest {

    private static final JobConfig CONFIG = Events.config(Map.of("bag.retention", "P30D", "bag.incomplete", "predict"));
    private static final long START = 1_700_000_000_000L;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final TestBag BAG = TestBag.of("s1");
    private static final TestBag OTHER = TestBag.of("s2");

    private BagsHarness bags;

    @BeforeEach
    void start() throws Exception {
        bags = BagsHarness.startWithScaler(CONFIG);
        bags.advanceTime(START);
        bags.events.at(START);
    }

    @AfterEach
    void stop() throws Exception {
        bags.close();
    }

    /** Input has been read up to so many days after the start, which is now. */
    private void day(int day) throws Exception {
        bags.advanceTime(DAY);
        bags.watermark(START + day * DAY);
        bags.events.at(START + day * DAY);
    }

    private boolean saved(TestBag bag) throws Exception {
        String cells = new String(Bytes.array(bag.chunk(0).getValues()), StandardCharsets.ISO_8859_1);
        return SavepointText.of(bags.savepoint()).contains(cells);
    }

    @Test
    void anUnlabelledBagIsDroppedAndALabelledOneStays() throws Exception {
        bags.send(BAG.records(bags.events));
        bags.send(OTHER.records(bags.events));
        bags.send(bags.events.label(OTHER.label(1, 0).build()));
        day(29);
        assertThat(saved(BAG)).isTrue();
        day(32);
        assertThat(saved(BAG)).isFalse();
        assertThat(saved(OTHER)).isTrue();

        bags.command(bags.events.scoreAll("end", 1));
        assertThat(bags.predictions(PredictionKind.FINAL))
                .extracting(Prediction::getSampleId)
                .containsExactly("s2");
        day(400);
        assertThat(saved(OTHER)).isTrue();
    }

    @Test
    void lateDuplicatesDoNotBringItBack() throws Exception {
        bags.send(BAG.records(bags.events));
        day(32);
        bags.send(BAG.records(bags.events));
        day(100);
        assertThat(saved(BAG)).isFalse();
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        assertThat(bags.side(Bags.DEAD_LETTERS)).isEmpty();

        bags.send(BAG.revised(1).records(bags.events));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(2);
    }

    @Test
    void ofADroppedBagWithoutAnyLabelNoOutcomeIsLeft() throws Exception {
        String outcomeOfSample = "s1\u0000Y";
        bags.send(BAG.records(bags.events));
        day(29);
        assertThat(SavepointText.of(bags.savepoint())).contains(outcomeOfSample);
        day(32);
        assertThat(SavepointText.of(bags.savepoint())).doesNotContain(outcomeOfSample);
    }

    @Test
    void ofADroppedBagARetractedLabelIsRemembered() throws Exception {
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        bags.send(BAG.records(bags.events));
        bags.send(bags.events.label(BAG.label(0, 1).setRetracted(true).build()));
        day(32);
        bags.send(BAG.revised(1).records(bags.events));
        int changes = bags.side(Bags.CHANGES).size();
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        assertThat(bags.side(Bags.CHANGES)).hasSize(changes);
    }

    @Test
    void aLabelThatComesTooLateIsADeadLetter() throws Exception {
        bags.send(BAG.records(bags.events));
        day(32);
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        assertThat(bags.side(Bags.DEAD_LETTERS))
                .extracting(DeadLetter::getCause)
                .singleElement()
                .asString()
                .contains(
                        "label 'Y' of sample 's1'",
                        "those of revision 0 were dropped (bag.retention PT720H, bag.forget-after never)");

        bags.send(BAG.revised(1).records(bags.events));
        assertThat(bags.side(Bags.CHANGES)).isEmpty();
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        assertThat(bags.side(Bags.CHANGES)).hasSize(1);
    }

    @Test
    void aLabelOfThePatientKeepsASampleToo() throws Exception {
        bags.send(BAG.records(bags.events));
        bags.send(bags.events.label(
                Label.newBuilder(BAG.label(1, 0).build()).setSampleId("").build()));
        day(32);
        assertThat(saved(BAG)).isTrue();
    }

    @Test
    void aRetractedLabelNoLongerKeepsIt() throws Exception {
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        bags.send(BAG.records(bags.events));
        day(20);
        bags.send(bags.events.label(BAG.label(0, 1).setRetracted(true).build()));
        day(49);
        assertThat(saved(BAG)).isTrue();
        day(52);
        assertThat(saved(BAG)).isFalse();
        SiteLedger ledger = new SiteLedger();
        bags.drain(Bags.CHANGES).forEach(ledger::apply);
        assertThat(ledger.samples()).isEmpty();
    }

    @Test
    void aBagThatStaysIncompleteIsDroppedEvenWithALabel() throws Exception {
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        bags.send(BAG.records(bags.events).subList(0, 3));
        day(1);
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        assertThat(saved(BAG)).isTrue();
        day(33);
        assertThat(saved(BAG)).isFalse();
        bags.send(BAG.records(bags.events));
        assertThat(bags.predictions(PredictionKind.REVISED)).isEmpty();
    }

    @Test
    void retentionSurvivesARestoreAtAnotherParallelism() throws Exception {
        bags.send(BAG.records(bags.events));
        bags.send(OTHER.records(bags.events));
        var state = bags.snapshot();
        bags.close();
        bags = BagsHarness.restore(CONFIG, state, 1, 3);
        bags.advanceTime(START);
        day(20);
        bags.send(bags.events.label(OTHER.label(1, 0).build()));
        day(32);
        assertThat(saved(BAG)).isFalse();
        assertThat(saved(OTHER)).isTrue();
    }

    @Test
    void anOldLabelledBagIsForgottenWhereTheSettingsAskForIt() throws Exception {
        bags.close();
        bags = BagsHarness.startWithScaler(Events.config(Map.of("bag.retention", "P30D", "bag.forget-after", "P90D")));
        bags.advanceTime(START);
        bags.events.at(START);
        bags.send(BAG.records(bags.events));
        day(20);
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        bags.send(OTHER.records(bags.events));
        bags.send(bags.events.label(OTHER.label(1, 0).build()));
        day(80);
        bags.send(bags.events.label(BAG.label(2, 1).build()));
        day(89);
        assertThat(saved(BAG)).isTrue();
        SiteLedger ledger = new SiteLedger();
        bags.drain(Bags.CHANGES).forEach(ledger::apply);
        assertThat(ledger.samples()).containsExactlyInAnyOrder("s1", "s2");

        day(92);
        bags.drain(Bags.CHANGES).forEach(ledger::apply);
        assertThat(saved(BAG)).isFalse();
        assertThat(ledger.samples()).containsExactly("s2");
        bags.send(bags.events.label(BAG.label(0, 2).build()));
        assertThat(bags.side(Bags.DEAD_LETTERS))
                .extracting(DeadLetter::getCause)
                .singleElement()
                .asString()
                .contains("bag.forget-after PT2160H");

        bags.send(bags.events.label(OTHER.label(0, 1).setRetracted(true).build()));
        bags.drain(Bags.CHANGES).forEach(ledger::apply);
        assertThat(ledger.samples()).isEmpty();
        day(109);
        assertThat(saved(OTHER)).isTrue();
        day(112);
        assertThat(saved(OTHER)).isFalse();
    }

    /** The settings of the start after a savepoint hold for the bags in it. */
    @Test
    void whetherLabelledBagsAreForgottenMayChangeWithTheSettings() throws Exception {
        JobConfig forgets = Events.config(Map.of("bag.retention", "P30D", "bag.forget-after", "P90D"));
        bags.send(BAG.records(bags.events));
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        restore(forgets);
        day(60);
        bags.send(OTHER.records(bags.events));
        bags.send(bags.events.label(OTHER.label(1, 0).build()));
        bags.send(bags.events.label(
                new TestBag("s3", BAG.patient(), 0, 2).label(1, 0).build()));
        assertThat(saved(BAG)).isTrue();
        day(92);
        assertThat(saved(BAG)).isFalse();

        restore(CONFIG);
        day(400);
        assertThat(saved(OTHER)).isTrue();

        restore(Events.config(Map.of("bag.retention", "P30D", "bag.forget-after", "P900D")));
        day(401);
        bags.send(bags.events.label(OTHER.label(2, 1).build()));
        assertThat(saved(OTHER)).isTrue();
        bags.drain(Bags.CHANGES);
        restore(Events.config(Map.of("bag.retention", "P30D", "bag.forget-after", "P360D")));
        day(402);
        bags.send(bags.events.label(
                new TestBag("s4", OTHER.patient(), 0, 2).label(1, 0).build()));
        day(430);
        assertThat(saved(OTHER)).isFalse();
        bags.drain(Bags.CHANGES);
        assertThat(bags.side(Bags.CHANGES)).isEmpty();
    }

    private void restore(JobConfig config) throws Exception {
        var state = bags.snapshot();
        bags.close();
        bags = BagsHarness.restore(config, state, 1, 1);
        bags.advanceTime(START);
    }

    private static final JobConfig SHORT =
            Events.config(Map.of("bag.retention", "P30D", "bag.remembered", "P10D", "bags.max-open", "2"));
    private static final TestBag WRONG = new TestBag("wrong", "visitor", 0, 2);

    private void restart(JobConfig config) throws Exception {
        bags.close();
        bags = BagsHarness.startWithScaler(config);
        bags.advanceTime(START);
        bags.events.at(START);
        bags.send(bags.events.label(WRONG.label(1, 0).build()));
    }

    private void assertItGoesInTheEnd() throws Exception {
        assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
        assertThat(SavepointText.of(bags.savepoint())).contains("wrong", "visitor");
        day(33);
        bags.send(WRONG.records(bags.events));
        day(34);
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();
        day(46);
        assertThat(SavepointText.of(bags.savepoint())).doesNotContain("wrong", "visitor");
        assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
    }

    @Test
    void inTheEndNothingIsLeftOfAnOverdueBag() throws Exception {
        restart(SHORT);
        bags.send(WRONG.records(bags.events).subList(0, 1));
        day(1);
        assertItGoesInTheEnd();
    }

    @Test
    void inTheEndNothingIsLeftOfADisplacedBag() throws Exception {
        restart(SHORT);
        bags.send(WRONG.records(bags.events).subList(0, 1));
        for (int i = 0; i < 2; i++) {
            TestBag other = new TestBag("yonder" + i, WRONG.patient(), 0, 2);
            bags.send(other.records(bags.events).subList(0, 1));
        }
        bags.drain(Bags.DEAD_LETTERS);
        for (int i = 0; i < 2; i++) {
            bags.send(new TestBag("yonder" + i, WRONG.patient(), 0, 2).records(bags.events));
        }
        bags.drainPredictions();
        day(33);
        day(46);
        assertThat(SavepointText.of(bags.savepoint())).doesNotContain("wrong", "yonder", "visitor");
    }

    @Test
    void inTheEndNothingIsLeftOfABagThatContradictsItself() throws Exception {
        restart(SHORT);
        bags.send(WRONG.records(bags.events).subList(0, 2));
        bags.send(bags.events.manifest(WRONG.manifest().setCells(7).build()));
        assertItGoesInTheEnd();
    }

    @Test
    void inTheEndNothingIsLeftOfABagThatWasTooLarge() throws Exception {
        restart(Events.config(Map.of("bag.retention", "P30D", "bag.remembered", "P10D", "bag.max-bytes", "30")));
        bags.send(WRONG.records(bags.events).subList(0, 2));
        assertItGoesInTheEnd();
    }

    @Test
    void aRejectedBagThatIsSentAgainIsKeptAsLongAsAnyOther() throws Exception {
        bags.close();
        bags = BagsHarness.startWithScaler(SHORT);
        bags.advanceTime(START);
        bags.events.at(START);
        bags.send(BAG.records(bags.events).subList(0, 1));
        day(1);
        day(20);
        bags.send(BAG.records(bags.events));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        day(49);
        assertThat(saved(BAG)).isTrue();
        day(52);
        assertThat(saved(BAG)).isFalse();
    }

    @Test
    void aBagWithoutAScalerIsDroppedAndSaysSo() throws Exception {
        bags.close();
        bags = BagsHarness.start(SHORT);
        bags.advanceTime(START);
        bags.events.at(START);
        bags.send(bags.events.label(WRONG.label(1, 0).build()));
        bags.send(WRONG.records(bags.events));
        bags.send(BAG.records(bags.events));

        var state = bags.snapshot();
        bags.close();
        bags = BagsHarness.restore(SHORT, state, 1, 1);
        bags.advanceTime(START);
        day(29);
        bags.send(BAG.records(bags.events));
        bags.send(WRONG.records(bags.events));
        assertThat(bags.side(Bags.DEAD_LETTERS)).isEmpty();
        day(32);
        assertThat(saved(BAG)).isFalse();
        assertThat(bags.side(Bags.DEAD_LETTERS))
                .extracting(DeadLetter::getCause)
                .hasSize(2)
                .allMatch(cause ->
                        cause.contains("expected a scaler for embedding pca version 1, set by a command or from 20"
                                + " bags, got none within PT720H, with 1 bags of shard"));
        bags.publish(Events.scaler(SHORT));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();
        day(43);
        assertThat(SavepointText.of(bags.savepoint())).doesNotContain("wrong", "visitor");
    }

    @Test
    void aBagThatGotItsScalerLateIsKeptAsLongAsAnyOther() throws Exception {
        bags.close();
        bags = BagsHarness.start(SHORT);
        bags.advanceTime(START);
        bags.events.at(START);
        bags.send(BAG.records(bags.events));
        day(20);
        bags.publish(Events.scaler(SHORT));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        day(49);
        assertThat(saved(BAG)).isTrue();
        day(52);
        assertThat(saved(BAG)).isFalse();
    }

    @Test
    void aLabelWhoseCellsNeverComeIsDroppedAndSaysSo() throws Exception {
        restart(SHORT);
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        day(39);
        assertThat(SavepointText.of(bags.savepoint())).contains("wrong", "visitor");
        bags.send(BAG.records(bags.events));
        day(42);
        assertThat(SavepointText.of(bags.savepoint())).doesNotContain("wrong", "visitor");
        assertThat(bags.side(Bags.DEAD_LETTERS))
                .extracting(DeadLetter::getCause)
                .containsExactly("label 'Y' of sample 'wrong' revision 0: expected the cells within PT960H, got none");
        day(100);
        assertThat(saved(BAG)).isTrue();
        assertThat(bags.side(Bags.CHANGES)).hasSize(1);
    }

    @Test
    void inTheEndNothingIsLeftOfADroppedBag() throws Exception {
        JobConfig config = Events.config(Map.of("bag.retention", "P30D", "bag.remembered", "P10D"));
        TestBag bag = new TestBag("vanishing", "visitor", 0, 2);
        TestBag sibling = new TestBag("sibling", "visitor", 0, 2);
        bags.close();
        bags = BagsHarness.startWithScaler(config);
        bags.advanceTime(START);
        bags.events.at(START);
        bags.send(bag.records(bags.events));
        day(35);
        bags.send(bag.records(bags.events));
        bags.send(sibling.records(bags.events));
        bags.send(bags.events.label(sibling.label(1, 0).build()));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(2);
        assertThat(SavepointText.of(bags.savepoint())).contains("vanishing");

        OperatorSubtaskState state = bags.snapshot();
        bags.close();
        bags = BagsHarness.restore(config, state, 1, 2);
        bags.advanceTime(START + 36 * DAY);
        day(46);
        assertThat(SavepointText.of(bags.savepoint()))
                .doesNotContain("vanishing")
                .contains("sibling", "visitor");
        bags.send(bag.records(bags.events));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
    }
}
