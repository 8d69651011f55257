package io.gmil.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cohort.CohortOptions.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SampleTableTest {

    @TempDir
    Path directory;

    private Asked cells(String columns, String... rows) throws IOException {
        StringBuilder text = new StringBuilder("bag_id," + columns + ",f0\n");
        for (int s = 0; s < rows.length; s++) {
            text.append("s").append(s).append(',').append(rows[s]).append(",0\n");
        }
        return Asked.of(Files.writeString(directory.resolve("c.csv"), text));
    }

    private static List<OptionalDouble> labels(Asked asked) throws IOException {
        try (Cohort cohort = asked.open()) {
            return cohort.samples().stream().map(Sample::label).toList();
        }
    }

    private static List<OptionalDouble> of(Double... values) {
        return java.util.Arrays.stream(values)
                .map(value -> value == null ? OptionalDouble.empty() : OptionalDouble.of(value))
                .toList();
    }

    private static void refused(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(CohortException.class).hasMessageContainingAll(parts);
    }

    @Test
    void bernoulli() throws IOException {
        assertThat(labels(cells("label", "1", "0.0", "", "NaN", "True"))).isEqualTo(of(1.0, 0.0, null, null, 1.0));
        assertThat(labels(cells("x", "sick", "well", "worse").label("x").positive("sick", "worse")))
                .isEqualTo(of(1.0, 0.0, 1.0));
        assertThat(labels(cells("x", "1", "2").label("x").positive("2.0"))).isEqualTo(of(0.0, 1.0));
        refused(
                () -> labels(cells("label", "sick", "well")),
                "label 'label' of c.csv has the values sick, well; expected 0 and 1",
                "--positive");
        refused(() -> labels(cells("label", "2", "10")), "has the values 2, 10;");
        refused(
                () -> labels(cells("label", "sick", "well").positive("ill")),
                "no sample has the --positive value ill",
                "there are: sick, well");
        refused(
                () -> labels(cells("label", "sick", "well").positive("sick", "wel")),
                "no sample has the --positive value wel",
                "there are: sick, well");
        assertThat(labels(
                        cells("label", "sick", "well").positive("sick", "worse").ofModel()))
                .as("values of a fitted model")
                .isEqualTo(of(1.0, 0.0));
    }

    @Test
    void otherLikelihoods() throws IOException {
        assertThat(labels(cells("label", "0", "2", "").binomial(2))).isEqualTo(of(0.0, 2.0, null));
        refused(() -> labels(cells("label", "3").binomial(2)), "of sample 's0' in c.csv is '3'", "from 0 to 2");
        refused(() -> labels(cells("label", "0.5").binomial(2)), "whole number");
        assertThat(labels(cells("label", "-1.5", "NA").likelihood(Outcome.NORMAL)))
                .isEqualTo(of(-1.5, null));
        refused(() -> labels(cells("label", "Infinity").likelihood(Outcome.NORMAL)), "finite number");
        refused(() -> labels(cells("label", "1").binomial(2).positive("1")), "--positive is for a Bernoulli label");
    }

    @Test
    void classesAreSortedAsNumbersWhereTheyAre() throws IOException {
        try (Cohort cohort =
                cells("label", "b", "", "a").likelihood(Outcome.CATEGORICAL).open()) {
            assertThat(cohort.classes()).containsExactly("a", "b");
            assertThat(cohort.samples()).extracting(Sample::label).isEqualTo(of(1.0, null, 0.0));
        }
        try (Cohort cohort =
                cells("label", "10", "9").likelihood(Outcome.CATEGORICAL).open()) {
            assertThat(cohort.classes()).containsExactly("9", "10");
        }
        refused(() -> labels(cells("label", "a").likelihood(Outcome.CATEGORICAL)), "has 1 class: a");
    }

    /** By the name of the class, in whatever order the columns are; one column alone is no effect of a class. */
    @Test
    void classesHaveAKnownEffectEach() throws IOException {
        try (Cohort cohort = cells("label,u_cb,u_ca", "b,1,2", "a,3,4", "a,5,")
                .likelihood(Outcome.CATEGORICAL)
                .truth("u", null)
                .open()) {
            assertThat(cohort.samples().get(0).trueClassEffects()).containsExactly(2, 1);
            assertThat(cohort.samples().get(1).trueClassEffects()).containsExactly(4, 3);
            assertThat(cohort.samples().get(2).trueClassEffects()).isEmpty();
            assertThat(cohort.samples().get(0).trueEffect()).isEmpty();
        }
        try (Cohort cohort = cells("label,u", "b,1", "a,3")
                .likelihood(Outcome.CATEGORICAL)
                .truth("u", null)
                .open()) {
            assertThat(cohort.samples().get(0).trueClassEffects()).isEmpty();
            assertThat(cohort.samples().get(0).trueEffect()).hasValue(1);
        }
        refused(
                () -> cells("label,u_ca", "b,1", "a,3")
                        .likelihood(Outcome.CATEGORICAL)
                        .truth("u", null)
                        .open(),
                "--true-effect 'u': no column 'u_cb' of class 'b'; expected one for each of a, b");
        refused(() -> cells("label,u_c0", "0,1", "1,3").truth("u", null).open(), "no column 'u' in c.csv");
    }

    @Test
    void aDefaultLabelMayBeAbsentButNotOneAskedFor() throws IOException {
        try (Cohort cohort = cells("x", "1").open()) {
            assertThat(cohort.samples().get(0).label()).isEmpty();
            assertThat(cohort.samples().get(0).training()).isFalse();
        }
        refused(() -> labels(cells("x", "1").label("lable")), "no column 'lable' in c.csv; there are: bag_id, x");
    }

    @Test
    void covariates() throws IOException {
        try (Cohort cohort = cells("label,age,sex", "1,40.5,m", "0,50,f")
                .covariates("sex", "age")
                .open()) {
            assertThat(cohort.covariates()).containsExactly("sex", "age");
            assertThat(cohort.samples().get(0).covariates()).containsExactly(1, 40.5);
            assertThat(cohort.samples().get(1).covariates()).containsExactly(0, 50);
        }
        try (Cohort cohort = cells("plate", "2D", "1D").covariates("plate").open()) {
            assertThat(cohort.samples().get(0).covariates()).containsExactly(1);
        }
        refused(
                () -> cells("site", "a", "b", "c").covariates("site").open(),
                "covariate 'site' of c.csv has 3 values: a, b, c");
        refused(
                () -> cells("label,age", "1,1", "0,").covariates("age").open(),
                "sample 's1' has no value of covariate 'age'");
        refused(
                () -> cells("age,u,w", "1,,1", ",0.5,1")
                        .covariates("age")
                        .truth("u", "w")
                        .open(),
                "sample 's1' has no value of covariate 'age'");
        refused(() -> cells("age", "1").covariates("age", "age").open(), "names a column twice");
    }

    @Test
    void aSampleThatIsNeitherLearntNorJudgedMayLackACovariate() throws IOException {
        try (Cohort cohort = cells("label,age,sex", "1,40,m", ",,", "0,50,f")
                .covariates("age", "sex")
                .open()) {
            assertThat(cohort.samples().get(0).covariates()).containsExactly(40, 1);
            assertThat(cohort.samples().get(1).covariates()).containsExactly(Double.NaN, Double.NaN);
        }
    }

    @Test
    void splitMarksTrainingSamplesThatHaveALabel() throws IOException {
        try (Cohort cohort = cells("label,fold", "1,dev", "0,held", ",dev")
                .split("fold", "dev")
                .open()) {
            assertThat(cohort.samples()).extracting(Sample::training).containsExactly(true, false, false);
        }
        refused(
                () -> cells("label,fold", "1,dev", "0,held")
                        .split("fold", "train")
                        .open(),
                "no sample has the --train value 'train'",
                "there are: dev, held");
        refused(() -> cells("label,fold", "1,dev").split("fold", null).open(), "--split needs --train");
        refused(() -> cells("label,fold", "1,dev").split(null, "dev").open(), "needs --split");
        refused(
                () -> cells("label,fold", "1,dev")
                        .split("fold", "dev")
                        .testFraction(.5, 1)
                        .open(),
                "exclude each other");
    }

    @Test
    void labelsFileWinsAndMayMissSamples() throws IOException {
        Path labels = Files.writeString(
                directory.resolve("labels.csv"), "label,bag_id,donor,u\n0,s0,p,0.5\n,s2,p,\n1,elsewhere,q,1\n");
        try (Cohort cohort = cells("label", "1", "1", "1")
                .labels(labels)
                .patient("donor")
                .truth("u", null)
                .open()) {
            assertThat(cohort.samples()).extracting(Sample::label).isEqualTo(of(0.0, null, null));
            assertThat(cohort.samples()).extracting(Sample::patientId).containsExactly("p", "s1", "p");
            assertThat(cohort.samples()).extracting(Sample::trueEffect).isEqualTo(of(0.5, null, null));
        }
    }

    @Test
    void labelsFileOfAnotherCohortIsRefused() throws IOException {
        Path other = Files.writeString(directory.resolve("o.csv"), "bag_id,y\nx1,1\nx2,0\n");
        refused(() -> cells("z", "1").labels(other).label("y").open(), "no sample of o.csv is in c.csv");
        refused(
                () -> cells("z", "1").labels(other).label("Y").open(),
                "no column 'Y' in c.csv; there are: bag_id, z; in o.csv: bag_id, y");
        Path unnamed = Files.writeString(directory.resolve("n.csv"), "id,y\ns0,1\n");
        refused(() -> cells("z", "1").labels(unnamed).open(), "no column 'bag_id' in n.csv", "there are: id, y");
        Path twice = Files.writeString(directory.resolve("t.csv"), "bag_id,y\ns0,1\ns0,1\n");
        refused(() -> cells("z", "1").labels(twice).open(), "row 2 of t.csv names sample 's0' a second time");
    }
}
