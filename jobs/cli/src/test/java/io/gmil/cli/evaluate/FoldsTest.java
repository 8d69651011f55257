package io.gmil.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.UsageException;
import io.gmil.cohort.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FoldsTest {

    private static Sample sample(String id, String patient, OptionalDouble label) {
        return new Sample(id, patient, 1, label, new double[0], true, OptionalDouble.empty());
    }

    private static Sample sample(int id, double label) {
        return sample("s" + id, "p" + id, OptionalDouble.of(label));
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
        Folds folds = Folds.deal(samples, 5, 1, 3);

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
        Folds folds = Folds.deal(samples, 5, 1, 3);

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
        Folds folds = Folds.deal(samples, 4, 1, 9);

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

        Set<String> first = names(samples, Folds.deal(samples, 4, 1, 3));
        assertThat(names(reversed, Folds.deal(reversed, 4, 1, 3))).isEqualTo(first);
        assertThat(names(samples, Folds.deal(samples, 4, 1, 4))).isNotEqualTo(first);
    }

    private static Set<String> names(List<Sample> samples, Folds folds) {
        Set<String> names = new HashSet<>();
        Arrays.stream(folds.test(0)).forEach(i -> names.add(samples.get(i).id()));
        return names;
    }

    @Test
    void refusesWhatCannotBeSplit() {
        assertRefused(samples(30, 0), 5, 1, "labels of both classes, got only 0");
        assertRefused(samples(0, 30), 5, 1, "labels of both classes, got only 1");
        assertRefused(samples(30, 4), 5, 1, "at least 5 patients with label 1, got 4; --folds 4 would do");
        assertRefused(samples(1, 2), 5, 1, "at least 5 labelled patients, got 3");
        assertRefused(List.of(sample("a", "a", OptionalDouble.empty())), 5, 1, "expected labelled samples, got none");
    }

    /** A bag of half the trials has both outcomes. */
    @Test
    void countsNeedNoExtremes() {
        List<Sample> halves = IntStream.range(0, 10).mapToObj(i -> sample(i, 1)).toList();
        assertThat(Folds.deal(halves, 5, 2, 0).test(4)).hasSize(2);
    }

    private static void assertRefused(List<Sample> samples, int folds, int trials, String expected) {
        assertThatThrownBy(() -> Folds.deal(samples, folds, trials, 0))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining(expected);
    }
}
