package io.gmil.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cli.Records;
import io.gmil.cli.report.AttentionCsv;
import io.gmil.cli.report.AttentionFigures;
import io.gmil.cohort.Sample;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.CellTypeAttention;
import io.gmil.schema.ModelOrigin;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunStateTest {

    private static final List<Sample> SAMPLES =
            List.of(sample("a", true), sample("b", true), sample("c", true), sample("t", false));

    @TempDir
    private Path directory;

    private AttentionCsv attention;
    private FinalWeights weights;
    private RunState state;

    private static Sample sample(String id, boolean training) {
        return new Sample(id, id, 4, OptionalDouble.of(1), new double[0], training, OptionalDouble.empty());
    }

    @BeforeEach
    void open() throws IOException {
        attention = new AttentionCsv(directory.resolve("spool"), SAMPLES.size(), 2);
        weights = FinalWeights.ofTestSamples(SAMPLES);
        state = new RunState(SAMPLES, "gmil.labels", attention, weights);
    }

    @AfterEach
    void close() throws IOException {
        attention.close();
    }

    private void arrive(String... samples) {
        for (String sample : samples) {
            Prediction arrival = Records.prediction(sample, PredictionKind.ARRIVAL, 0.5, null);
            arrival.setInTraining(false);
            state.prediction(arrival);
        }
    }

    @Test
    void isLearntWhenAllIsPredictedLearntSettledAndScored() {
        arrive("a", "b", "c", "t");
        assertThat(state.snapshot().missing()).isEqualTo("the posterior to learn 3 of 3 labels");
        state.posterior(Records.posterior(1, 5, 3, false));
        assertThat(state.snapshot().missing()).isEqualTo("the posterior to settle (7 sites are stale)");
        state.posterior(Records.posterior(1, 6, 3, true));
        state.evaluation(Records.evaluation(2));
        assertThat(state.snapshot().missing()).isEqualTo("the prequential score of 1 of 3 bags");
        assertThat(state.snapshot().learnt()).isFalse();
        state.evaluation(Records.evaluation(3));

        assertThat(state.snapshot().learnt()).isTrue();
        assertThat(state.snapshot().cells()).isEqualTo(16);
    }

    @Test
    void whatASavedModelHasLearntBeforeIsNotWaitedFor() {
        arrive("b", "c", "t");
        Prediction known = Records.prediction("a", PredictionKind.ARRIVAL, 0.5, null);
        known.setInTraining(true);
        state.prediction(known);
        assertThat(state.snapshot().missing()).isEqualTo("the posterior to learn 2 of 2 labels");

        PosteriorMessage message = Records.posterior(1, 5, 41, true);
        ((Posterior) message.getBody()).setOrigin(new ModelOrigin("sha", "f", 1L, "v", 40));
        state.posterior(message);
        assertThat(state.snapshot().missing()).isEqualTo("the posterior to learn 1 of 2 labels");
        ((Posterior) message.getBody()).setLabelledBags(42);
        state.posterior(message);
        state.evaluation(Records.evaluation(2));
        assertThat(state.snapshot().learnt()).isTrue();
    }

    @Test
    void nothingIsWaitedForWhereTheSavedModelHasLearntAll() {
        arrive("t");
        for (String sample : List.of("a", "b", "c")) {
            Prediction known = Records.prediction(sample, PredictionKind.ARRIVAL, 0.5, null);
            known.setInTraining(true);
            state.prediction(known);
        }

        assertThat(state.snapshot().learnt()).isTrue();
    }

    @Test
    void aRepeatedPredictionCountsOnce() {
        arrive("a", "a");

        assertThat(state.snapshot().complete()).isEqualTo(1);
        assertThat(state.snapshot().missing()).isEqualTo("predictions of 3 of 4 bags");
    }

    @Test
    void anOlderPosteriorDoesNotReplaceANewerOne() {
        state.posterior(Records.posterior(2, 1, 3, false));
        state.posterior(Records.posterior(1, 99, 2, true));

        assertThat(state.snapshot().posteriorVersion()).isEqualTo(1);
        assertThat(state.snapshot().settled()).isFalse();
    }

    @Test
    void aRejectedBagIsNotWaitedForUnlessItComes() {
        state.deadLetter(Records.deadLetter("gmil.cells", "c"));
        assertThat(state.snapshot().bags()).isEqualTo(3);
        assertThat(state.snapshot().labels()).isEqualTo(2);

        arrive("c");
        assertThat(state.snapshot().bags()).isEqualTo(4);
        assertThat(state.snapshot().labels()).isEqualTo(3);
    }

    @Test
    void aRejectedLabelIsNotWaitedFor() {
        state.deadLetter(Records.deadLetter("gmil.labels", "c"));

        assertThat(state.snapshot().bags()).isEqualTo(4);
        assertThat(state.snapshot().labels()).isEqualTo(2);
    }

    @Test
    void causesOfRejectionsAreHandedOutOnceAndOnlyTheFirst() {
        for (int i = 0; i < 20; i++) {
            state.deadLetter(Records.deadLetter("gmil.cells", "c"));
        }

        assertThat(state.takeRejections())
                .hasSize(5)
                .contains("width 3 of sample 'c' differs from 2 (gmil.cells-1@17)");
        assertThat(state.takeRejections()).isEmpty();
        assertThat(state.snapshot().rejected()).isEqualTo(20);
    }

    @Test
    void onlyAnswersToTheCommandAreFinal() {
        state.prediction(Records.prediction("a", PredictionKind.FINAL, 0.5, "other"));
        state.expectFinal("mine");
        state.prediction(Records.prediction("a", PredictionKind.FINAL, 0.5, "other"));
        state.attention(Records.attention("a", "other", 0, 1, 0));
        assertThat(state.snapshot().finals()).isZero();

        state.prediction(Records.prediction("a", PredictionKind.FINAL, 0.5, "mine"));
        state.attention(Records.attention("a", "mine", 0, 1, 0));
        assertThat(state.snapshot().finals()).isEqualTo(1);
        assertThat(state.snapshot().explained()).isEqualTo(1);
    }

    @Test
    void weightsOfTestSamplesAreKeptByCell() {
        state.expectFinal("mine");
        state.attention(Records.attention("t", "mine", 1, 2, 3));
        state.attention(Records.attention("t", "mine", 0, 2, 1));
        state.attention(Records.attention("a", "mine", 0, 1, 1));

        assertThat(weights.of(3)).hasValueSatisfying(of -> assertThat(of).containsExactly(0, 0.25f, 0, 0.125f));
        assertThat(weights.of(0)).isEmpty();
    }

    @Test
    void figuresOfAttentionAreThoseOfTheFirstPart() {
        state.expectFinal("mine");
        AttentionSummary first = Records.attention("b", "mine", 0, 2, 1);
        first.setByCellType(List.of(new CellTypeAttention("T", 4, 1.0, 0.5)));
        state.attention(Records.attention("b", "other", 0, 1, 1));
        state.attention(Records.attention("b", "mine", 1, 2, 3));
        assertThat(state.attentionFigures()).containsOnlyNulls();
        state.attention(first);
        state.attention(Records.attention("b", "mine", 0, 2, 1));

        assertThat(state.attentionFigures()).containsExactly(null, AttentionFigures.of(first), null, null);
    }
}
