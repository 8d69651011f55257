package io.gmil.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HoldOutTest {

    /** Patient of sample n: every patient has two samples. */
    private static String[] patients(int samples) {
        return IntStream.range(0, samples).mapToObj(n -> "p" + n / 2).toArray(String[]::new);
    }

    /** One patient in five is positive, one in ten has no label. */
    private static OptionalDouble[] labels(int samples) {
        return IntStream.range(0, samples)
                .map(n -> n / 2)
                .mapToObj(p -> p % 10 == 9 ? OptionalDouble.empty() : OptionalDouble.of(p % 5 == 0 ? 1 : 0))
                .toArray(OptionalDouble[]::new);
    }

    @Test
    void eachLabelHasItsShare() {
        Set<String> held = HoldOut.draw(patients(400), labels(400), false, 0.25, 7);
        assertThat(held).hasSize(45);
        assertThat(held.stream().filter(p -> Integer.parseInt(p.substring(1)) % 5 == 0))
                .hasSize(10);
        assertThat(held).noneMatch(p -> p.endsWith("9"));
    }

    @Test
    void theOrderOfTheFileDoesNotMatterTheSeedDoes() {
        String[] patients = patients(100);
        OptionalDouble[] labels = labels(100);
        Set<String> held = HoldOut.draw(patients, labels, false, 0.2, 1);
        java.util.Collections.reverse(Arrays.asList(patients));
        java.util.Collections.reverse(Arrays.asList(labels));
        assertThat(HoldOut.draw(patients, labels, false, 0.2, 1)).isEqualTo(held);
        assertThat(HoldOut.draw(patients, labels, false, 0.2, 2)).isNotEqualTo(held);
    }

    @Test
    void numbersAreSpreadOverTheirRange() {
        String[] patients = patients(80);
        OptionalDouble[] labels =
                IntStream.range(0, 80).mapToObj(n -> OptionalDouble.of(n >> 1)).toArray(OptionalDouble[]::new);
        Set<String> held = HoldOut.draw(patients, labels, true, 0.2, 3);
        for (int quarter = 0; quarter < 4; quarter++) {
            int from = 10 * quarter;
            assertThat(held.stream()
                            .mapToInt(p -> Integer.parseInt(p.substring(1)))
                            .filter(p -> p >= from && p < from + 10))
                    .hasSize(2);
        }
    }

    @Test
    void bothSidesNeedAPatient() {
        assertThatThrownBy(() -> HoldOut.draw(patients(4), labels(4), false, 0.01, 1))
                .isInstanceOf(CohortException.class)
                .hasMessageContaining("of 2 labelled patients holds out 0");
    }
}
