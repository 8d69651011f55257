package io.gmil.cli.evaluate;

import io.gmil.cli.UsageException;
import io.gmil.cohort.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The folds of one repeat: all samples of a patient are in the same one, each label has its share in each, and labelled
 * samples are in exactly one. They depend on the seed, the patients and their labels, not on the order of the file.
 */
public final class Folds {

    private final int count;
    private final List<Sample> samples;
    private final Map<String, Integer> foldOfPatient;

    private Folds(int count, List<Sample> samples, Map<String, Integer> foldOfPatient) {
        this.count = count;
        this.samples = samples;
        this.foldOfPatient = foldOfPatient;
    }

    /**
     * Deals the patients, shuffled within their stratum (the patient's highest label), to the folds by turns.
     *
     * @throws UsageException if there are too few patients for so many folds, see {@link #require}
     */
    public static Folds deal(List<Sample> samples, int count, int trials, long seed) {
        require(samples, count, trials);
        Map<String, Double> highest = new TreeMap<>();
        for (Sample sample : samples) {
            sample.label().ifPresent(label -> highest.merge(sample.patientId(), label, Math::max));
        }
        Map<Double, List<String>> strata = new TreeMap<>();
        highest.forEach((patient, label) ->
                strata.computeIfAbsent(label, any -> new ArrayList<>()).add(patient));
        Random random = new Random(seed);
        Map<String, Integer> foldOfPatient = new HashMap<>();
        for (List<String> stratum : strata.values()) {
            Collections.shuffle(stratum, random);
            // Where one stratum ends the next goes on, so that folds differ by one patient at most.
            stratum.forEach(patient -> foldOfPatient.put(patient, foldOfPatient.size() % count));
        }
        return new Folds(count, samples, foldOfPatient);
    }

    /**
     * Refuses a cohort that cannot be split: fewer patients than folds, one class only, or, of a 0/1 label, fewer patients
     * of a class than folds, so that some fold would lack it.
     */
    public static void require(List<Sample> samples, int count, int trials) {
        Set<String> patients = new HashSet<>();
        Set<String> withSuccess = new HashSet<>();
        Set<String> withFailure = new HashSet<>();
        for (Sample sample : samples) {
            sample.label().ifPresent(label -> {
                patients.add(sample.patientId());
                if (label > 0) {
                    withSuccess.add(sample.patientId());
                }
                if (label < trials) {
                    withFailure.add(sample.patientId());
                }
            });
        }
        if (patients.isEmpty()) {
            throw new UsageException("expected labelled samples, got none of " + samples.size()
                    + "; --label COLUMN names the column of the outcome");
        }
        if (withSuccess.isEmpty() || withFailure.isEmpty()) {
            throw new UsageException("expected labels of both classes, got only "
                    + (withSuccess.isEmpty() ? "0" : Integer.toString(trials)) + " of " + patients.size()
                    + " labelled patients; --positive VALUE tells which labels count as 1");
        }
        if (patients.size() < count) {
            throw tooFew(count, patients.size(), "labelled patients");
        }
        int rarer = Math.min(withSuccess.size(), withFailure.size());
        if (trials == 1 && rarer < count) {
            throw tooFew(count, rarer, "patients with label " + (rarer == withSuccess.size() ? 1 : 0));
        }
    }

    private static UsageException tooFew(int folds, int got, String of) {
        return new UsageException("too few samples for " + folds + " folds: expected at least " + folds + " " + of
                + ", got " + got + (got >= 2 ? "; --folds " + got + " would do" : ""));
    }

    public int count() {
        return count;
    }

    /** Indices of the samples of a fold, ascending. */
    public int[] test(int fold) {
        return IntStream.range(0, samples.size()).filter(i -> foldOf(i) == fold).toArray();
    }

    /** Indices of the labelled samples of all other folds, ascending. */
    public int[] training(int fold) {
        return IntStream.range(0, samples.size())
                .filter(i -> foldOf(i) >= 0 && foldOf(i) != fold)
                .toArray();
    }

    /** -1 for a sample without label, which is left out. */
    private int foldOf(int sample) {
        Sample of = samples.get(sample);
        return of.label().isPresent() ? foldOfPatient.get(of.patientId()) : -1;
    }
}
