package io.gmil.cohort;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One sample of a cohort, without its cells.
 *
 * @param id sample pseudonym
 * @param patientId patient pseudonym; the sample's own id where the cohort names no patient
 * @param cells number of cells, at least 1
 * @param labels label of each outcome in the order of {@link CohortOptions#outcomes()}, an unknown one empty; none where a
 *     cohort is read for prediction
 * @param covariates raw values (K - 1), without the intercept; NaN where one is missing, in a cohort read with labels and only of a
 *     sample that has neither label nor known effect
 * @param group level of the random intercept, one of {@link Cohort#groups()}; empty where unknown
 * @param training whether known labels may be learnt; false: predicted only, the labels serve the closing figures
 * @param trueEffect known bag effect of a simulation
 * @param trueClassEffects the same of each class of a categorical first outcome; none where unknown
 */
@SuppressWarnings("ArrayRecordComponent") // a sample is a carrier, never compared or a key
public record Sample(
        String id,
        String patientId,
        int cells,
        List<Optional<SampleLabel>> labels,
        double[] covariates,
        Optional<String> group,
        boolean training,
        OptionalDouble trueEffect,
        double[] trueClassEffects) {

    public Sample {
        labels = List.copyOf(labels);
    }

    /** Without known effects of classes. */
    public Sample(
            String id,
            String patientId,
            int cells,
            List<Optional<SampleLabel>> labels,
            double[] covariates,
            Optional<String> group,
            boolean training,
            OptionalDouble trueEffect) {
        this(id, patientId, cells, labels, covariates, group, training, trueEffect, new double[0]);
    }

    /** With one outcome of one trial, in no group. */
    public Sample(
            String id,
            String patientId,
            int cells,
            OptionalDouble label,
            double[] covariates,
            boolean training,
            OptionalDouble trueEffect) {
        this(
                id,
                patientId,
                cells,
                List.of(label.isPresent() ? Optional.of(new SampleLabel(label.getAsDouble(), 1)) : Optional.empty()),
                covariates,
                Optional.empty(),
                training,
                trueEffect);
    }

    /** Value of the first outcome; empty where unknown. */
    public OptionalDouble label() {
        return labels.stream()
                .limit(1)
                .flatMap(Optional::stream)
                .mapToDouble(SampleLabel::value)
                .findFirst();
    }

    /** Whether the label of any outcome is known. */
    public boolean labelled() {
        return labels.stream().anyMatch(Optional::isPresent);
    }
}
