package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Label;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.ScoredBag;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import io.gmil.stream.state.StoredSite;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BagsLabelTest {

    private static final JobConfig CONFIG = Events.config(Map.of());
    private static final TestBag BAG = TestBag.of("s1");

    private BagsHarness bags;

    @BeforeEach
    void start() throws Exception {
        bags = BagsHarness.startWithScaler(CONFIG);
    }

    @AfterEach
    void stop() {
        bags.close();
    }

    @Test
    void aLabelBeforeTheBagWaitsForIt() throws Exception {
        send(BAG.label(2, 0));
        assertThat(bags.side(Bags.CHANGES)).isEmpty();
        bags.send(BAG.records(bags.events));

        SiteChange change = onlyChange();
        assertThat(change.getRemoved()).isNull();
        assertThat(change.getAdded().getLabelRevision()).isZero();
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        assertScoredOnce(2);
    }

    @Test
    void aLabelAfterTheBagMakesTheSameSite() throws Exception {
        send(BAG.label(2, 0));
        bags.send(BAG.records(bags.events));
        StoredSite before = onlyChange().getAdded();
        try (BagsHarness other = BagsHarness.startWithScaler(CONFIG)) {
            other.send(BAG.records(other.events));
            assertThat(other.side(Bags.SCORED)).isEmpty();
            other.send(other.events.label(BAG.label(2, 0).build()));
            SiteChanges changes = other.drain(Bags.CHANGES).get(0);
            assertThat(changes.getChanges().get(0).getAdded()).isEqualTo(before);
            assertThat(changes.getLabelled()).isEqualTo(1);
            assertThat(changes.getAnswer()).isFalse();
            assertThat(other.side(Bags.SCORED)).isEqualTo(bags.side(Bags.SCORED));
        }
    }

    @Test
    void aRepeatedOrOutdatedLabelChangesNothing() throws Exception {
        bags.send(BAG.records(bags.events));
        send(BAG.label(2, 1));
        onlyChange();
        send(BAG.label(2, 1));
        send(BAG.label(0, 0));
        assertThat(bags.side(Bags.CHANGES)).isEmpty();
        assertThat(bags.side(Bags.DEAD_LETTERS)).isEmpty();
    }

    @Test
    void aCorrectionSwapsTheSite() throws Exception {
        bags.send(BAG.records(bags.events));
        send(BAG.label(2, 0));
        StoredSite first = onlyChange().getAdded();
        send(BAG.label(0, 1));

        SiteChange correction = onlyChange();
        assertThat(correction.getRemoved()).isEqualTo(first);
        assertThat(correction.getAdded().getLabelRevision()).isEqualTo(1);
        assertThat(correction.getAdded().getShift()).isNotEqualTo(first.getShift());
        assertScoredOnce(2);
    }

    @Test
    void aRetractionTakesTheSiteOutAndALaterLabelPutsOneBack() throws Exception {
        bags.send(BAG.records(bags.events));
        send(BAG.label(2, 0));
        StoredSite first = onlyChange().getAdded();
        send(BAG.label(0, 1).setRetracted(true));

        List<SiteChanges> retraction = bags.drain(Bags.CHANGES);
        assertThat(retraction).hasSize(1);
        assertThat(retraction.get(0).getLabelled()).isZero();
        assertThat(retraction.get(0).getChanges().get(0).getRemoved()).isEqualTo(first);
        assertThat(retraction.get(0).getChanges().get(0).getAdded()).isNull();
        bags.command(bags.events.scoreAll("c1", 1));
        assertThat(bags.predictions(PredictionKind.FINAL))
                .extracting(Prediction::getInTraining)
                .containsExactly(false);

        send(BAG.label(1, 2));
        SiteChange again = onlyChange();
        assertThat(again.getRemoved()).isNull();
        assertThat(again.getAdded().getLabelRevision()).isEqualTo(2);
        assertScoredOnce(2);
    }

    @Test
    void aRetractedLabelIsNotLearntWhenTheBagComes() throws Exception {
        send(BAG.label(2, 0));
        send(BAG.label(2, 1).setRetracted(true));
        bags.send(BAG.records(bags.events));
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        assertThat(bags.side(Bags.CHANGES)).isEmpty();
        assertThat(bags.side(Bags.SCORED)).isEmpty();
    }

    @Test
    void everyOutcomeHasItsOwnSite() throws Exception {
        JobConfig two = Events.config(Map.of("outcomes", "Y:binomial:2,Z:bernoulli"));
        try (BagsHarness harness = BagsHarness.startWithScaler(two)) {
            harness.send(BAG.records(harness.events));
            harness.send(harness.events.label(BAG.label(2, 0).build()));
            harness.send(harness.events.label(BAG.label(1, 0).setOutcome("Z").build()));

            assertThat(harness.predictions(PredictionKind.ARRIVAL))
                    .extracting(Prediction::getOutcome)
                    .containsExactly("Y", "Z");
            assertThat(harness.side(Bags.CHANGES))
                    .extracting(changes -> changes.getModel().getOutcome())
                    .containsExactly("Y", "Z");
        }
    }

    private void send(Label.Builder label) throws Exception {
        bags.send(bags.events.label(label.build()));
    }

    private SiteChange onlyChange() {
        List<SiteChanges> changes = bags.drain(Bags.CHANGES);
        assertThat(changes).hasSize(1);
        assertThat(changes.get(0).getChanges()).hasSize(1);
        return changes.get(0).getChanges().get(0);
    }

    /** A label is judged once, by the prediction that was made without it. */
    private void assertScoredOnce(double value) {
        assertThat(bags.side(Bags.SCORED)).hasSize(1);
        ScoredBag scored = bags.side(Bags.SCORED).get(0);
        assertThat(scored.getProbability())
                .isEqualTo(bags.predictions(PredictionKind.ARRIVAL).get(0).getProbability());
        assertThat(scored.getValue()).isEqualTo(value);
        assertThat(scored.getTrials()).isEqualTo(2);
    }
}
