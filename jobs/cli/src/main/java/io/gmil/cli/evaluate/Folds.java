package io.gmil.cli.evaluate;

import io.gmil.cli.UsageException;
import io.gmil.cohort.Sample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The folds of one repeat: all samples of a patient are in the same one, each label has its share in each, and labelled
 * samples are in exactly one. They depend on the seed, the patients and their labels, not on the order of the file.
 */
final class Folds {

    private final int count;
    private final List<Sample> samples;
    private final Map<String, Integer> foldOfPatient;

    private Folds(int count, List<Sample> samples, Map<String, Integer> foldOfPatient) {
        this.count = count;
        this.samples = samples;
        this.foldOfPatient = foldOfPatient;
    }

    /**
     * Deals the patients, shuffled within their stratum, to the folds by turns.
     *
     * @throws UsageException if there are too few patients for so many folds, see {@link FoldRequirements}
     */
    static Folds deal(List<Sample> samples, int count, EvaluatedOutcome outcome, long seed) {
        FoldRequirements.require(samples, count, outcome);
        Map<String, Integer> foldOfPatient = new HashMap<>();
        // Where one stratum ends the next goes on, so that folds differ by one patient at most.
        for (String patient : Strata.shuffled(samples, count, outcome, new Random(seed))) {
            foldOfPatient.put(patient, foldOfPatient.size() % count);
        }
        return new Folds(count, samples, foldOfPatient);
    }

    int count() {
        return count;
    }

    /** Indices of the samples of a fold, ascending. */
    int[] test(int fold) {
        return IntStream.range(0, samples.size()).filter(i -> foldOf(i) == fold).toArray();
    }

    /** Indices of the labelled samples of all other folds, ascending. */
    int[] training(int fold) {
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
