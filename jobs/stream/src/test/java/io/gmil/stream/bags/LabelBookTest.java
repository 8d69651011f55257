package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.schema.Label;
import io.gmil.schema.Likelihood;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.state.OutcomeState;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LabelBookTest {

    private static final OutcomeConfig OUTCOME = new OutcomeConfig("Y", Likelihood.BINOMIAL, 2);

    private final OutcomeState state = OutcomeState.newBuilder().build();

    @Test
    void aFirstLabelIsNews() throws Exception {
        assertThat(accept(label(2, 0))).isTrue();
        assertKnown(2, 2, 0);
    }

    @Test
    void aRepeatedLabelIsNot() throws Exception {
        accept(label(1, 0));
        assertThat(accept(label(1, 0))).isFalse();
        assertKnown(1, 2, 0);
    }

    @Test
    void aHigherRevisionCorrects() throws Exception {
        accept(label(1, 0));
        assertThat(accept(label(0, 3).setTrials(5))).isTrue();
        assertKnown(0, 5, 3);
    }

    @Test
    void anOutdatedLabelIsPassedOver() throws Exception {
        accept(label(1, 4));
        assertThat(accept(label(0, 3))).isFalse();
        assertThat(accept(label(0, 3).setRetracted(true))).isFalse();
        assertKnown(1, 2, 4);
    }

    @Test
    void aRetractionTakesTheLabelBackUntilAHigherRevision() throws Exception {
        accept(label(2, 0));
        assertThat(accept(label(2, 1).setRetracted(true))).isTrue();
        assertThat(state.getLabelled()).isFalse();
        assertThat(state.getLabelRevision()).isEqualTo(1);

        assertThat(accept(label(0, 1).setRetracted(true))).isFalse();
        assertThat(accept(label(1, 2))).isTrue();
        assertKnown(1, 2, 2);
    }

    @Test
    void aRetractionMayComeBeforeWhatItRetracts() throws Exception {
        assertThat(accept(label(0, 1).setRetracted(true))).isTrue();
        assertThat(accept(label(2, 0))).isFalse();
        assertThat(state.getLabelled()).isFalse();
    }

    @Test
    void theSameRevisionWithAnotherContentIsRejected() throws Exception {
        accept(label(1, 3));

        assertContradiction(label(2, 3), "revision 3", "expected 1.0", "got 2.0");
        assertContradiction(label(1, 3).setRetracted(true), "expected 1.0", "got a retraction");
        assertContradiction(label(1, 3).setTrials(4), "revision 3");
        assertKnown(1, 2, 3);
    }

    @Test
    void aLabelInTheRevisionOfItsRetractionIsRejected() throws Exception {
        accept(label(1, 0).setRetracted(true));
        assertContradiction(label(1, 0), "expected a retraction", "got 1.0");
        assertThat(state.getLabelled()).isFalse();
    }

    @Test
    void trialsThatTheLikelihoodDoesNotHaveAreRejected() {
        assertContradiction(label(0, 0).setTrials(0), "expected 1 to 999999", "got 0");
        assertContradiction(label(0, 0).setTrials(1_000_000), "expected 1 to 999999", "got 1000000");
        OutcomeConfig bernoulli = new OutcomeConfig("Y", Likelihood.BERNOULLI, 1);
        assertThatThrownBy(
                        () -> LabelBook.accept(state, label(0, 0).setTrials(2).build(), bernoulli, "gmil.labels-0@7"))
                .isInstanceOf(RejectedRecord.class)
                .hasMessageContaining("expected 1, got 2");
        assertThat(state).isEqualTo(OutcomeState.newBuilder().build());
    }

    private boolean accept(Label.Builder label) throws RejectedRecord {
        return LabelBook.accept(state, label.build(), OUTCOME, "gmil.labels-0@7");
    }

    private void assertKnown(double value, int trials, int revision) {
        assertThat(state.getLabelled()).isTrue();
        assertThat(state.getValue()).isEqualTo(value);
        assertThat(state.getTrials()).isEqualTo(trials);
        assertThat(state.getLabelRevision()).isEqualTo(revision);
    }

    private void assertContradiction(Label.Builder label, String... parts) {
        assertThatThrownBy(() -> accept(label))
                .isInstanceOf(RejectedRecord.class)
                .hasMessageContainingAll(parts)
                .hasMessageContaining("'s1'");
    }

    private static Label.Builder label(double value, int revision) {
        return Label.newBuilder()
                .setStudy("study")
                .setSampleId("s1")
                .setPatientId("p1")
                .setOutcome("Y")
                .setValue(value)
                .setRevision(revision)
                .setLabelledAt(Instant.EPOCH);
    }
}
