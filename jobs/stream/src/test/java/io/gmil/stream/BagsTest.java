package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.AttentionSummary;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.schema.PredictionStatus;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BagsTest {

    private static final JobConfig CONFIG = Events.config(Map.of());
    private static final TestBag BAG = TestBag.of("s1");

    private BagsHarness bags;

    @BeforeEach
    void start() throws Exception {
        bags = BagsHarness.startWithScaler(CONFIG);
    }

    @AfterEach
    void stop() throws Exception {
        bags.close();
    }

    @Test
    void shuffledAndDoubledRecordsMakeOneArrivalEach() throws Exception {
        List<BagEvent> records = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            records.addAll(TestBag.of("s" + i).records(bags.events));
            records.addAll(TestBag.of("s" + i).records(bags.events));
        }
        Collections.shuffle(records, new Random(1));
        bags.send(records);

        assertThat(bags.predictions(PredictionKind.ARRIVAL))
                .extracting(Prediction::getSampleId)
                .hasSize(30)
                .doesNotHaveDuplicates();
        assertThat(bags.side(Bags.ATTENTION))
                .extracting(AttentionSummary::getSampleId)
                .hasSize(30)
                .doesNotHaveDuplicates();
        assertThat(bags.side(Bags.DEAD_LETTERS)).isEmpty();
        assertThat(bags.side(Bags.CHANGES)).isEmpty();
    }

    @Test
    void anArrivalSaysWhatItRestsOn() throws Exception {
        bags.send(BAG.records(bags.events));

        Prediction arrival = bags.predictions(PredictionKind.ARRIVAL).get(0);
        assertThat(arrival.getPatientId()).isEqualTo(BAG.patient());
        assertThat(arrival.getOutcome()).isEqualTo(Events.OUTCOME);
        assertThat(arrival.getStatus()).isEqualTo(PredictionStatus.WARMUP);
        assertThat(arrival.getProbability()).isBetween(arrival.getLower(), arrival.getUpper());
        assertThat(arrival.getPosteriorVersion()).isZero();
        assertThat(arrival.getScalerId()).isEqualTo("s1");
        assertThat(arrival.getCells()).isEqualTo(6);
        assertThat(arrival.getInTraining()).isFalse();
        AttentionSummary attention = bags.side(Bags.ATTENTION).get(0);
        assertThat(attention.getTop()).hasSize(6);
        assertThat(attention.getEffectiveCells()).isBetween(1.0, 6 + 1e-9);
    }

    @Test
    void theOrderOfChunksDoesNotChangeThePrediction() throws Exception {
        bags.send(BAG.records(bags.events));
        try (BagsHarness other = BagsHarness.startWithScaler(CONFIG)) {
            List<BagEvent> reversed = new ArrayList<>(BAG.records(other.events));
            Collections.reverse(reversed);
            other.send(reversed);
            assertThat(other.predictions(PredictionKind.ARRIVAL).get(0).getProbability())
                    .isEqualTo(bags.predictions(PredictionKind.ARRIVAL).get(0).getProbability());
        }
    }

    @Test
    void aNewRevisionTakesThePlaceOfTheBag() throws Exception {
        TestBag revised = BAG.revised(1);
        bags.send(bags.events.label(BAG.label(2, 0).build()));
        bags.send(BAG.records(bags.events));
        SiteLedger ledger = new SiteLedger();
        bags.drain(Bags.CHANGES).forEach(ledger::apply);

        bags.send(revised.records(bags.events).subList(0, 1));
        bags.drain(Bags.CHANGES).forEach(ledger::apply);
        assertThat(ledger.samples()).isEmpty();

        bags.send(revised.records(bags.events));
        bags.send(BAG.records(bags.events));
        bags.drain(Bags.CHANGES).forEach(ledger::apply);
        assertThat(ledger.samples()).containsExactly("s1");
        assertThat(bags.predictions(PredictionKind.ARRIVAL))
                .extracting(Prediction::getRevision)
                .containsExactly(0, 1);
        assertThat(bags.side(Bags.SCORED)).hasSize(1);
        assertThat(bags.side(Bags.DEAD_LETTERS)).isEmpty();
    }

    @Test
    void scoreAllPredictsEveryCompleteBagOnceMore() throws Exception {
        TestBag unlabelled = TestBag.of("s2");
        TestBag incomplete = TestBag.of("s3");
        bags.send(BAG.records(bags.events));
        bags.send(bags.events.label(BAG.label(1, 0).build()));
        bags.send(unlabelled.records(bags.events));
        bags.send(incomplete.records(bags.events).subList(0, 2));

        bags.command(bags.events.scoreAll("at the end", 2));

        List<Prediction> finals = bags.predictions(PredictionKind.FINAL);
        assertThat(finals).extracting(Prediction::getSampleId).containsExactlyInAnyOrder("s1", "s2");
        assertThat(finals).allSatisfy(last -> {
            assertThat(last.getCommandId()).isEqualTo("at the end");
            assertThat(last.getInTraining()).isEqualTo(last.getSampleId().equals("s1"));
        });
        assertThat(bags.side(Bags.ATTENTION))
                .filteredOn(attention -> attention.getCommandId() != null)
                .hasSize(2)
                .allSatisfy(attention -> assertThat(attention.getTop()).hasSize(2));
    }

    @Test
    void bagsWaitForTheirScaler() throws Exception {
        try (BagsHarness unscaled = BagsHarness.start(CONFIG)) {
            for (int i = 0; i < 5; i++) {
                unscaled.send(TestBag.of("s" + i).records(unscaled.events));
            }
            unscaled.send(unscaled.events.label(BAG.label(1, 0).build()));
            assertThat(unscaled.predictions(PredictionKind.ARRIVAL)).isEmpty();
            assertThat(unscaled.side(Bags.MOMENTS)).hasSize(5);

            unscaled.publish(Events.scaler(CONFIG));
            unscaled.publish(Events.scaler(CONFIG));

            assertThat(unscaled.predictions(PredictionKind.ARRIVAL))
                    .extracting(Prediction::getSampleId)
                    .containsExactlyInAnyOrder("s0", "s1", "s2", "s3", "s4");
            assertThat(unscaled.side(Bags.CHANGES)).hasSize(1);
            assertThat(unscaled.side(Bags.SCORED)).hasSize(1);
        }
    }
}
