package io.gmil.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.UsageException;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.Sample;
import io.gmil.cohort.SampleLabel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {

    private static final EvaluatedOutcome ZERO_ONE = new EvaluatedOutcome(Outcome.BERNOULLI, List.of());
    private static final EvaluatedOutcome COUNTS = new EvaluatedOutcome(Outcome.BINOMIAL, List.of());
    private static final EvaluatedOutcome NUMBERS = new EvaluatedOutcome(Outcome.NORMAL, List.of());
    private static final EvaluatedOutcome CLASSES =
            new EvaluatedOutcome(Outcome.CATEGORICAL, List.of("none", "early", "late"));

    private static Sample sample(String id, String patient, OptionalDouble label) {
        return new Sample(id, patient, 1, label, new double[0], true, OptionalDouble.empty());
    }

    private static Sample sample(int id, double label) {
        return sample("s" + id, "p" + id, OptionalDouble.of(label));
    }

    private static Sample count(int id, double successes, int trials) {
        return new Sample(
                "s" + id,
                "p" + id,
                1,
                List.of(Optional.of(new SampleLabel(successes, trials))),
                new double[0],
                Optional.empty(),
                true,
                OptionalDouble.empty());
    }

    private static List<Sample> samples(int failures, int successes) {
        return IntStream.range(0, failures + successes)
                .mapToObj(i -> sample(i, i < failures ? 0 : 1))
                .toList();
    }

    @Test
    void everyLabelledSampleIsTestedOnceAndLearntOtherwise() {
        List<Sample> samples = new ArrayList<>(samples(23, 14));
        samples.add(5, sample("unknown", "unknown", OptionalDouble.empty()));
        Folds folds = Folds.deal(samples, 5, ZERO_ONE, 3);

        List<Integer> tested = new ArrayList<>();
        for (int fold = 0; fold < 5; fold++) {
            Set<Integer> test = new HashSet<>();
            Arrays.stream(folds.test(fold)).forEach(test::add);
            int[] training = folds.training(fold);
            assertThat(Arrays.stream(training).boxed()).doesNotContainAnyElementsOf(test);
            assertThat(training.length + test.size()).isEqualTo(37);
            tested.addAll(test);
        }
        assertThat(tested).hasSize(37).doesNotHaveDuplicates().doesNotContain(5);
    }

    @Test
    void eachFoldHasItsShareOfEachLabel() {
        List<Sample> samples = samples(23, 14);
        Folds folds = Folds.deal(samples, 5, ZERO_ONE, 3);

        for (int fold = 0; fold < 5; fold++) {
            int[] test = folds.test(fold);
            long successes = Arrays.stream(test)
                    .filter(i -> samples.get(i).label().getAsDouble() == 1)
                    .count();
            assertThat(successes).isBetween(2L, 3L);
            assertThat(test.length).isBetween(7, 8);
        }
    }

    @Test
    void samplesOfAPatientStayTogether() {
        Random random = new Random(1);
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            int patient = random.nextInt(40);
            samples.add(sample("s" + i, "p" + patient, OptionalDouble.of(random.nextInt(2))));
        }
        Folds folds = Folds.deal(samples, 4, ZERO_ONE, 9);

        for (int fold = 0; fold < 4; fold++) {
            Set<String> learnt = new HashSet<>();
            Arrays.stream(folds.training(fold))
                    .forEach(i -> learnt.add(samples.get(i).patientId()));
            assertThat(Arrays.stream(folds.test(fold))
                            .mapToObj(i -> samples.get(i).patientId()))
                    .isNotEmpty()
                    .doesNotContainAnyElementsOf(learnt);
        }
    }

    @Test
    void theyDependOnTheSeedAndNotOnTheOrderOfTheFile() {
        List<Sample> samples = samples(20, 20);
        List<Sample> reversed = new ArrayList<>(samples);
        Collections.reverse(reversed);

        Set<String> first = names(samples, Folds.deal(samples, 4, ZERO_ONE, 3));
        assertThat(names(reversed, Folds.deal(reversed, 4, ZERO_ONE, 3))).isEqualTo(first);
        assertThat(names(samples, Folds.deal(samples, 4, ZERO_ONE, 4))).isNotEqualTo(first);
    }

    private static Set<String> names(List<Sample> samples, Folds folds) {
        Set<String> names = new HashSet<>();
        Arrays.stream(folds.test(0)).forEach(i -> names.add(samples.get(i).id()));
        return names;
    }

    @Test
    void refusesWhatCannotBeSplit() {
        assertRefused(samples(30, 0), 5, ZERO_ONE, "labels of both classes, got only 0");
        assertRefused(samples(0, 30), 5, ZERO_ONE, "labels of both classes, got only 1");
        assertRefused(samples(30, 4), 5, ZERO_ONE, "at least 5 patients with label 1, got 4; --folds 4 would do");
        assertRefused(samples(1, 2), 5, ZERO_ONE, "at least 5 labelled patients, got 3");
        assertRefused(
                List.of(sample("a", "a", OptionalDouble.empty())), 5, ZERO_ONE, "expected labelled samples, got none");
    }

    /** A bag of half the trials has both outcomes. */
    @Test
    void countsNeedNoExtremes() {
        List<Sample> halves =
                IntStream.range(0, 10).mapToObj(i -> count(i, 1, 2)).toList();
        assertThat(Folds.deal(halves, 5, COUNTS, 0).test(4)).hasSize(2);
    }

    @Test
    void eachLabelHasItsOwnTrials() {
        assertRefused(List.of(count(0, 2, 2), count(1, 3, 3)), 2, COUNTS, "labels of both classes, got only successes");
        List<Sample> samples = List.of(count(0, 2, 2), count(1, 2, 3));
        assertThat(Folds.deal(samples, 2, COUNTS, 0).test(0)).hasSize(1);
    }

    /** Of 40 numbers each fold of 4 has one of each four neighbours, dealt otherwise by another seed. */
    @Test
    void numbersAreDealtByTheirOrder() {
        List<Sample> samples =
                IntStream.range(0, 40).mapToObj(i -> sample(i, i * 0.25)).toList();
        Folds folds = Folds.deal(samples, 4, NUMBERS, 3);

        for (int fold = 0; fold < 4; fold++) {
            assertThat(Arrays.stream(folds.test(fold)).map(i -> i / 4)).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        }
        assertThat(Folds.deal(samples, 4, NUMBERS, 4).test(0)).isNotEqualTo(folds.test(0));
        assertRefused(List.of(sample(0, 1.5), sample(1, 1.5)), 2, NUMBERS, "expected labels that differ, got only 1.5");
        assertRefused(samples.subList(0, 3), 5, NUMBERS, "at least 5 labelled patients, got 3; --folds 3 would do");
    }

    @Test
    void eachFoldHasItsShareOfEachClass() {
        List<Sample> samples =
                IntStream.range(0, 30).mapToObj(i -> sample(i, i % 3)).toList();
        Folds folds = Folds.deal(samples, 5, CLASSES, 3);

        for (int fold = 0; fold < 5; fold++) {
            assertThat(Arrays.stream(folds.test(fold)).map(i -> i % 3).sorted()).containsExactly(0, 0, 1, 1, 2, 2);
        }
        List<Sample> rare = new ArrayList<>(samples.subList(0, 6));
        rare.remove(2);
        assertRefused(rare, 2, CLASSES, "of class 'late': expected at least 2 labelled patients, so");
    }

    private static void assertRefused(List<Sample> samples, int folds, EvaluatedOutcome outcome, String expected) {
        assertThatThrownBy(() -> Folds.deal(samples, folds, outcome, 0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(expected);
    }
}
