package io.gmil.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cli.ListedCohort;
import io.gmil.cli.offline.CohortBags;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.Cohorts;
import io.gmil.cohort.OutcomeOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing of a fold's test samples reaches its scalers. */
class TrainingFoldTest {

    @TempDir
    private Path directory;

    private static CohortBags bags(double lastCovariate, float lastValues) throws IOException {
        ListedCohort cohort = new ListedCohort(2, 10, false)
                .add("a", 3, OptionalDouble.of(0), true, 10)
                .add("b", 2, OptionalDouble.of(1), true, 20)
                .add("c", 4, OptionalDouble.of(1), true, lastCovariate);
        Arrays.fill(cohort.values(2), lastValues);
        return CohortBags.read(cohort, List.of(OutcomeOptions.bernoulli(Optional.empty(), List.of())));
    }

    @Test
    void scalersDoNotSeeTestSamples() throws IOException {
        TrainingFold fold = new TrainingFold(bags(30, 1), new int[] {0, 1});
        TrainingFold other = new TrainingFold(bags(1e9, 1e9f), new int[] {0, 1});

        assertThat(other.features().mean()).containsExactly(fold.features().mean());
        assertThat(other.features().sd()).containsExactly(fold.features().sd());
        assertThat(other.covariates().mean()).containsExactly(15);
        assertThat(other.covariates().sd()).containsExactly(5);
        assertThat(other.trainingBags()).hasSize(2);
    }

    @Test
    void scalersSeeEveryCellOfTheTrainingSamples() throws IOException {
        CohortBags bags = bags(30, 1);
        TrainingFold fold = new TrainingFold(bags, new int[] {0, 1});
        double sum = 0;
        for (int sample : new int[] {0, 1}) {
            for (int i = 0; i < bags.values(sample).length; i += 2) {
                sum += bags.values(sample)[i];
            }
        }
        assertThat(fold.features().mean()[0]).isCloseTo(sum / 5, within(1e-9));
        assertThat(fold.fixedEffects(2)).containsExactly(1, 3);
        assertThat(fold.intercept()).containsExactly(1, 0);
    }

    /** Three samples of two cells, of sites b, a and c. */
    private CohortBags grouped() throws IOException {
        Path file = directory.resolve("c.csv");
        Files.writeString(file, """
                bag_id,label,site,f0
                s0,0,b,1
                s0,0,b,2
                s1,1,a,3
                s1,1,a,4
                s2,1,c,5
                s2,1,c,6
                """);
        try (Cohort cohort = Cohorts.open(CohortOptions.of(file).group("site").build())) {
            return CohortBags.read(cohort, List.of(OutcomeOptions.bernoulli(Optional.empty(), List.of())));
        }
    }

    /** A level that only test samples have is unknown, and no parameter is spent on it. */
    @Test
    void onlyLevelsOfTrainingSamplesHaveAnIntercept() throws IOException {
        TrainingFold plain = new TrainingFold(grouped(), new int[] {0, 1});
        TrainingFold fold = plain.withRandomIntercepts();

        assertThat(plain.spec(1).linear()).isEqualTo(1);
        assertThat(plain.fixedEffects(0)).containsExactly(1);
        assertThat(fold.spec(2).linear()).isEqualTo(3);
        assertThat(fold.spec(2).heads()).isEqualTo(2);
        assertThat(fold.fixedEffects(0)).containsExactly(1, 0, 1);
        assertThat(fold.fixedEffects(1)).containsExactly(1, 1, 0);
        assertThat(fold.fixedEffects(2)).containsExactly(1, 0, 0);
        assertThat(fold.intercept()).containsExactly(1, 0, 0);
    }
}
