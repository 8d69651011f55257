package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Label;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.StoredSite;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A label of a patient holds for all samples without one of their own. */
class PatientLabelTest {

    private static final JobConfig CONFIG = Events.config(Map.of());
    private static final TestBag FIRST = new TestBag("s1", "p", 0, 2);
    private static final TestBag SECOND = new TestBag("s2", "p", 0, 3);

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
    void itReachesSamplesBeforeAndAfterIt() throws Exception {
        bags.send(FIRST.records(bags.events));
        patient(2, 0);
        assertThat(onlyChange().getAdded().getOfPatient()).isTrue();
        bags.send(SECOND.records(bags.events));
        SiteChange second = onlyChange();
        assertThat(second.getSampleId()).isEqualTo("s2");
        assertThat(second.getAdded().getOfPatient()).isTrue();
        assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(2);
        assertThat(bags.side(Bags.SCORED)).as("a patient counts once").hasSize(1);
    }

    @Test
    void itIsJudgedHowLateItCame() throws Exception {
        bags.send(FIRST.records(bags.events));
        bags.events.at(7_000);
        patient(2, 0);
        assertThat(bags.side(Bags.SCORED)).singleElement().satisfies(scored -> assertThat(scored.getLabelDelay())
                .isEqualTo(7_000));
    }

    @Test
    void aLabelOfTheSampleGoesBeforeIt() throws Exception {
        bags.send(FIRST.records(bags.events));
        sample(FIRST.label(0, 0));
        StoredSite own = onlyChange().getAdded();
        patient(2, 0);
        assertThat(bags.side(Bags.CHANGES)).isEmpty();

        sample(FIRST.label(0, 1).setRetracted(true));
        SiteChange fallback = onlyChange();
        assertThat(fallback.getRemoved()).isEqualTo(own);
        assertThat(fallback.getAdded().getOfPatient()).isTrue();
        assertThat(fallback.getAdded().getShift()).isNotEqualTo(own.getShift());

        sample(FIRST.label(1, 2));
        assertThat(onlyChange().getAdded().getOfPatient()).isFalse();
    }

    @Test
    void itsCorrectionAndRetractionReachEverySampleThatFollowsIt() throws Exception {
        bags.send(FIRST.records(bags.events));
        bags.send(SECOND.records(bags.events));
        sample(SECOND.label(1, 0));
        patient(2, 0);
        bags.drain(Bags.CHANGES);
        patient(0, 1);
        SiteChange corrected = onlyChange();
        assertThat(corrected.getSampleId()).isEqualTo("s1");
        assertThat(corrected.getAdded().getLabelRevision()).isEqualTo(1);
        patient(0, 1);
        assertThat(bags.side(Bags.CHANGES)).as("a repeated label").isEmpty();
        bags.send(bags.events.label(patientLabel(0, 2).setRetracted(true).build()));
        SiteChange retracted = onlyChange();
        assertThat(retracted.getSampleId()).isEqualTo("s1");
        assertThat(retracted.getAdded()).isNull();
    }

    @Test
    void aRefreshKeepsIt() throws Exception {
        try (LearningLoop loop = LearningLoop.start(
                Events.config(Map.of("refresh.fraction", "0.33", "least.visits", "2", "staleness", "0.1")), 1)) {
            for (int i = 0; i < 56; i++) {
                TestBag bag = new TestBag("s" + i, "p" + i / 2, 0, 2);
                loop.bags.send(bag.records(loop.bags.events));
                loop.bags.send(loop.bags.events.label(
                        bag.label(i / 2 % 3, 0).setSampleId("").build()));
            }
            loop.settle();
            assertThat(loop.newest.getSettled()).isTrue();
            assertThat(loop.newest.getLabelledBags()).isEqualTo(56);
            assertThat(loop.ledger.site("s5").getOfPatient()).isTrue();
            assertThat(loop.ledger.site("s5").getVisits()).isGreaterThan(1);
            loop.assertSumOfSitesEqualsState();
        }
    }

    private void patient(double value, int revision) throws Exception {
        bags.send(bags.events.label(patientLabel(value, revision).build()));
    }

    private static Label.Builder patientLabel(double value, int revision) {
        return FIRST.label(value, revision).setSampleId("");
    }

    private void sample(Label.Builder label) throws Exception {
        bags.send(bags.events.label(label.build()));
    }

    private SiteChange onlyChange() {
        List<SiteChange> changes = bags.drain(Bags.CHANGES).stream()
                .flatMap(each -> each.getChanges().stream())
                .toList();
        assertThat(changes).hasSize(1);
        return changes.get(0);
    }
}
