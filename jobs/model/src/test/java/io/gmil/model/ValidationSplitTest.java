package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ValidationSplitTest {
    private static LabelledBag bag(double y, int trials) {
        return new LabelledBag(Cells.of(new float[1], 1, 1), new double[] {1}, y, trials);
    }

    @Test
    void allBagsOfAPatientAreInTheSamePart() {
        List<LabelledBag> bags = new ArrayList<>();
        List<String> patients = new ArrayList<>();
        for (int b = 0; b < 60; b++) {
            patients.add("patient " + b % 20);
            bags.add(bag(b % 20 < 10 ? 0 : 1, 1));
        }
        for (int seed = 0; seed < 5; seed++) {
            ValidationSplit split = ValidationSplit.of(bags, patients, 0.2, new Random(seed));

            assertThat(split.validation()).hasSize(12);
            assertThat(split.training()).hasSize(48);
            Set<String> validating = new HashSet<>();
            split.validation().forEach(bag -> validating.add(patients.get(bags.indexOf(bag))));
            assertThat(validating).hasSize(4);
            assertThat(split.validation().stream().filter(bag -> bag.y() == 1)).hasSize(6);
        }
    }

    /** 3 of 10 is less than 1 of 1: every fifth in the order of shares is for validation. */
    @Test
    void countsAreRankedByTheirShare() {
        List<LabelledBag> bags = new ArrayList<>();
        List<String> patients = new ArrayList<>();
        for (int b = 0; b < 10; b++) {
            patients.add("patient " + b);
            bags.add(b < 5 ? bag(3, 10) : bag(1, 1));
        }
        ValidationSplit split = ValidationSplit.of(bags, patients, 0.2, new Random(1));

        assertThat(split.validation()).extracting(LabelledBag::trials).containsExactly(10, 1);
    }
}
