package io.gmil.cli.evaluate;

import io.gmil.cli.UsageException;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.Sample;
import io.gmil.cohort.SampleLabel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What a cohort must have to be split into folds. */
final class FoldRequirements {

    /** So that no class is in one fold only, which could not be learnt where it is tested. */
    private static final int PATIENTS_OF_A_CLASS = 2;

    private final List<Sample> labelled;
    private final int patients;
    private final int folds;

    private FoldRequirements(List<Sample> labelled, int folds) {
        this.labelled = labelled;
        this.folds = folds;
        this.patients = patients(label -> true);
    }

    /**
     * Refuses a cohort that cannot be split: fewer patients than folds; labels all alike; of a 0/1 label, fewer patients of a
     * class than folds, so that some fold would lack it; of several classes, one with a single patient.
     */
    static void require(List<Sample> samples, int folds, EvaluatedOutcome outcome) {
        FoldRequirements requirements = new FoldRequirements(EvaluatedOutcome.labelled(samples), folds);
        if (requirements.patients == 0) {
            throw new UsageException("expected labelled samples, got none of " + samples.size()
                    + "; --label COLUMN names the column of the outcome");
        }
        if (outcome.counts()) {
            requirements.requireCounts();
        } else if (outcome.likelihood() == Outcome.NORMAL) {
            requirements.requireNumbers();
        } else {
            requirements.requireClasses(outcome.classes());
        }
    }

    /** Labelled patients that every fold has to learn from, at least; folds differ by one patient at most. */
    static int trainingPatients(List<Sample> samples, int folds) {
        int patients = new FoldRequirements(EvaluatedOutcome.labelled(samples), folds).patients;
        return patients - (patients + folds - 1) / folds;
    }

    private int patients(Predicate<SampleLabel> with) {
        Set<String> patients = new HashSet<>();
        labelled.stream()
                .filter(sample -> with.test(EvaluatedOutcome.label(sample)))
                .forEach(sample -> patients.add(sample.patientId()));
        return patients.size();
    }

    private void requireCounts() {
        int withSuccess = patients(label -> label.value() > 0);
        int withFailure = patients(label -> label.value() < label.trials());
        if (withSuccess == 0 || withFailure == 0) {
            throw new UsageException("expected labels of both classes, got only "
                    + (withSuccess == 0 ? "0" : all()) + " of " + patients
                    + " labelled patients; --positive VALUE tells which labels count as 1");
        }
        requirePatients();
        boolean single = labelled.stream()
                .allMatch(sample -> EvaluatedOutcome.label(sample).trials() == 1);
        int rarer = Math.min(withSuccess, withFailure);
        if (single && rarer < folds) {
            throw tooFew(rarer, "patients with label " + (rarer == withSuccess ? 1 : 0));
        }
    }

    /** How labels without any failure are called. */
    private String all() {
        return Strata.trialsDiffer(labelled)
                ? "successes"
                : Integer.toString(EvaluatedOutcome.label(labelled.get(0)).trials());
    }

    private void requireNumbers() {
        double first = EvaluatedOutcome.label(labelled.get(0)).value();
        if (labelled.stream().allMatch(sample -> EvaluatedOutcome.label(sample).value() == first)) {
            throw new UsageException("expected labels that differ, got only " + first + " of " + patients
                    + " labelled patients; --label COLUMN names the column of the outcome");
        }
        requirePatients();
    }

    private void requireClasses(List<String> classes) {
        requirePatients();
        for (int c = 0; c < classes.size(); c++) {
            int clazz = c;
            int got = patients(label -> label.value() == clazz);
            if (got < PATIENTS_OF_A_CLASS) {
                throw new UsageException("too few samples of class '" + classes.get(c) + "': expected at least "
                        + PATIENTS_OF_A_CLASS + " labelled patients, so that it can be learnt where it is tested, got "
                        + got);
            }
        }
    }

    private void requirePatients() {
        if (patients < folds) {
            throw tooFew(patients, "labelled patients");
        }
    }

    private UsageException tooFew(int got, String of) {
        return new UsageException("too few samples for " + folds + " folds: expected at least " + folds + " " + of
                + ", got " + got + (got >= 2 ? "; --folds " + got + " would do" : ""));
    }
}
