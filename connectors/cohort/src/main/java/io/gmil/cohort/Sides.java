package io.gmil.cohort;

import io.gmil.cohort.CohortOptions.Outcome;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Tells the samples that may be learnt from those that are held out. */
final class Sides {

    private Sides() {}

    /**
     * Whether each sample may be learnt, where it has a label.
     *
     * @param patients patient of each sample, who is on one side
     */
    static boolean[] training(
            CohortOptions options, SampleColumns columns, SampleIndex index, String[] patients, OutcomeLabels labels) {
        boolean[] training = new boolean[patients.length];
        if (options.split().isPresent()) {
            String[] side = split(options, columns.column(options.split().get(), index), index.ids());
            for (int s = 0; s < training.length; s++) {
                training[s] = side[s].equals(options.train().orElseThrow());
            }
            return training;
        }
        Set<String> held = options.testFraction().isEmpty()
                ? Set.of()
                : HoldOut.draw(
                        patients,
                        labels.strata(patients.length),
                        options.likelihood() == Outcome.NORMAL,
                        options.testFraction().getAsDouble(),
                        options.seed());
        for (int s = 0; s < training.length; s++) {
            training[s] = !held.contains(patients[s]);
        }
        return training;
    }

    private static String[] split(CohortOptions options, SampleColumn column, List<String> ids) {
        Set<String> there = new TreeSet<>(column.distinct());
        String where = "column '" + column.name() + "' of " + column.place();
        if (options.train().isEmpty()) {
            throw new CohortException("--split needs --train with the value that marks training samples; there are in "
                    + where + ": " + NameList.of(there));
        }
        if (!there.contains(options.train().get())) {
            throw new CohortException("no sample has the --train value "
                    + NameList.quoted(options.train().get()) + " in " + where + "; there are: " + NameList.of(there));
        }
        column.requireComplete(ids, "--split");
        return column.values();
    }
}
