package io.gmil.cli.evaluate;

import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.Sample;
import io.gmil.cohort.SampleLabel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Patients of similar label, so that folds can have their share of each: those of the same highest label, or, of numbers and
 * of counts whose trials differ, which are seldom equal, neighbours in the order of their highest label or share.
 */
final class Strata {

    private Strata() {}

    /**
     * All patients, stratum by stratum, in random order within each.
     *
     * @param folds size of a stratum of neighbours
     */
    static List<String> shuffled(List<Sample> samples, int folds, EvaluatedOutcome outcome, Random random) {
        Map<String, Double> highest = new TreeMap<>();
        for (Sample sample : EvaluatedOutcome.labelled(samples)) {
            SampleLabel label = EvaluatedOutcome.label(sample);
            highest.merge(sample.patientId(), label.value() / label.trials(), Math::max);
        }
        boolean numbers = outcome.likelihood() == Outcome.NORMAL || trialsDiffer(samples);
        List<String> order = new ArrayList<>();
        for (List<String> stratum : numbers ? neighbours(highest, folds, random) : alike(highest)) {
            Collections.shuffle(stratum, random);
            order.addAll(stratum);
        }
        return order;
    }

    static boolean trialsDiffer(List<Sample> samples) {
        return EvaluatedOutcome.labelled(samples).stream()
                        .map(sample -> EvaluatedOutcome.label(sample).trials())
                        .distinct()
                        .count()
                > 1;
    }

    private static List<List<String>> alike(Map<String, Double> highest) {
        Map<Double, List<String>> strata = new TreeMap<>();
        highest.forEach((patient, label) ->
                strata.computeIfAbsent(label, any -> new ArrayList<>()).add(patient));
        return List.copyOf(strata.values());
    }

    private static List<List<String>> neighbours(Map<String, Double> highest, int size, Random random) {
        List<String> patients = new ArrayList<>(highest.keySet());
        // Equal labels would else stay in the order of names, and such patients in the same stratum in every repeat.
        Collections.shuffle(patients, random);
        patients.sort(Comparator.comparing(highest::get));
        List<List<String>> strata = new ArrayList<>();
        for (int from = 0; from < patients.size(); from += size) {
            strata.add(new ArrayList<>(patients.subList(from, Math.min(from + size, patients.size()))));
        }
        return strata;
    }
}
