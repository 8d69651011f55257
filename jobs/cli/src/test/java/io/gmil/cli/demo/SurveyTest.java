package io.gmil.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cli.ListedCohort;
import io.gmil.cli.publish.StudyNames;
import io.gmil.cohort.CohortException;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class SurveyTest {

    private static final OptionalDouble ONE = OptionalDouble.of(1);

    private static ListedCohort cohort() {
        return new ListedCohort(3, 4, true)
                .add("a", 10, ONE, true, 20)
                .add("b", 7, OptionalDouble.of(0), true, 40)
                .add("t", 5, ONE, false, 900);
    }

    @Test
    void scalersAreThoseOfTheTrainingSamples() throws IOException {
        ListedCohort cohort = cohort();
        Survey survey = Survey.of(cohort);

        double sum = 0;
        for (int cell = 0; cell < 17; cell++) {
            sum += cell < 10 ? cohort.values(0)[3 * cell + 1] : cohort.values(1)[3 * (cell - 10) + 1];
        }
        assertThat(survey.featureScaler().mean()[1]).isCloseTo(sum / 17, within(1e-9));
        assertThat(survey.covariateScaler().mean()).containsExactly(30);
        assertThat(survey.covariateScaler().sd()).containsExactly(10);
        assertThat(survey.cells()).isEqualTo(22);
        assertThat(survey.trainingCells()).isEqualTo(17);
        assertThat(survey.embeddingBytes()).isEqualTo(22 * 3 * 4);
    }

    @Test
    void aConstantCovariateIsNotScaled() throws IOException {
        Survey survey = Survey.of(
                new ListedCohort(2, 9, false).add("a", 3, ONE, true, 1).add("b", 3, ONE, true, 1));

        assertThat(survey.covariateScaler().sd()).containsExactly(1);
        assertThat(survey.weightsAreKnown()).isFalse();
    }

    @Test
    void meansOfBagsAndKnownWeightsDoNotDependOnTheRuns() throws IOException {
        ListedCohort cohort = cohort();
        Survey survey = Survey.of(cohort);

        double sum = 0;
        for (int cell = 0; cell < 10; cell++) {
            sum += cohort.values(0)[3 * cell + 2];
        }
        assertThat((double) survey.mean(0)[2]).isCloseTo(sum / 10, within(1e-6));
        assertThat(survey.knownWeights(0)).isNull();
        assertThat(survey.knownWeights(2)).containsExactly(0.2f, 0.4f, 0.6f, 0.8f, 1f);
    }

    @Test
    void withoutALabelToLearnThereIsNoRun() {
        ListedCohort cohort = new ListedCohort(2, 9, false)
                .add("a", 3, OptionalDouble.empty(), true)
                .add("t", 3, ONE, false);

        assertThatThrownBy(() -> Survey.of(cohort))
                .isInstanceOf(CohortException.class)
                .hasMessageContaining("at least one training sample with a label");
    }

    @Test
    void theScalerCommandIsNamedByItsContent() throws IOException {
        StudyNames names = new StudyNames("demo", "Y", "X", "1");
        Survey survey = Survey.of(cohort());
        Control once = ScalerCommand.of(names, survey, List.of("age"), Instant.EPOCH);
        Control again = ScalerCommand.of(names, survey, List.of("age"), Instant.EPOCH);

        assertThat(once.getKind()).isEqualTo(ControlKind.SET_SCALER);
        assertThat(once.getScaler()).isEqualTo(again.getScaler());
        assertThat(once.getCommandId()).isNotEqualTo(again.getCommandId());
        assertThat(once.getScaler().getCovariateMean()).containsExactly(30.0);
    }

    @Test
    void meanPoolingLearnsFromTheBagMeans() throws IOException {
        ListedCohort cohort = new ListedCohort(2, 50, false);
        for (int i = 0; i < 60; i++) {
            cohort.add("s" + i, 3, OptionalDouble.of(0), true);
        }
        Survey unlabelled = Survey.of(cohort);
        ListedCohort labelled = new ListedCohort(2, 50, false);
        for (int i = 0; i < 60; i++) {
            labelled.add("s" + i, 3, OptionalDouble.of(unlabelled.mean(i)[0] > 0 ? 1 : 0), true);
        }
        MeanPooling pooling = MeanPooling.fit(Survey.of(labelled), labelled.samples(), 1, 0);

        double right = 0;
        for (int i = 0; i < 60; i++) {
            double probability = pooling.score(i).probability();
            right += (probability > 0.5) == (labelled.samples().get(i).label().getAsDouble() == 1) ? 1 : 0;
        }
        assertThat(right).isGreaterThan(50);
        assertThat(pooling.weights(0)).containsExactly(1f / 3, 1f / 3, 1f / 3);
    }
}
