package io.gmil.cohort;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * The labels of every outcome.
 *
 * @param options of the outcomes
 * @param labels of each outcome, in the same order
 */
record OutcomeLabels(List<OutcomeOptions> options, List<Labels> labels) {

    /** Reads the columns of all outcomes. */
    static OutcomeLabels read(CohortOptions options, SampleColumns columns, SampleIndex index) {
        List<String> ids = index.ids();
        List<Labels> labels = new ArrayList<>();
        // Values that a model was fitted with, or that are for several columns, need not all be in each.
        boolean everyPositive = options.codes().isEmpty() && options.outcomes().size() == 1;
        for (OutcomeOptions outcome : options.outcomes()) {
            Optional<SampleColumn> trials = outcome.trialsColumn().map(name -> columns.column(name, index));
            labels.add(columns.label(outcome)
                    .map(name -> Labels.read(columns.column(name, index), outcome, everyPositive, trials, ids))
                    .orElseGet(() -> Labels.unknown(ids.size())));
        }
        return new OutcomeLabels(options.outcomes(), labels);
    }

    /** Labels of one sample, one an outcome. */
    List<Optional<SampleLabel>> of(int sample) {
        return labels.stream().map(outcome -> outcome.values().get(sample)).toList();
    }

    boolean known(int sample) {
        return labels.stream().anyMatch(outcome -> outcome.values().get(sample).isPresent());
    }

    /** Class names of each outcome. */
    List<List<String>> classes() {
        return labels.stream().map(Labels::classes).toList();
    }

    /**
     * By which held-out samples are drawn: the first label; samples that have only others are a stratum below all labels,
     * those without any are empty.
     */
    OptionalDouble[] strata(int samples) {
        return IntStream.range(0, samples)
                .mapToObj(s -> known(s) ? OptionalDouble.of(stratum(s)) : OptionalDouble.empty())
                .toArray(OptionalDouble[]::new);
    }

    private double stratum(int sample) {
        return labels.get(0).values().get(sample).map(SampleLabel::value).orElse(Double.NEGATIVE_INFINITY);
    }

    /**
     * Refuses a class that nothing can be learnt of, because only samples that are held out have it. A cohort without any
     * training sample is not to be learnt and may have such classes.
     */
    void requireLearntClasses(boolean[] training) {
        for (int o = 0; o < labels.size(); o++) {
            List<Optional<SampleLabel>> values = labels.get(o).values();
            List<String> classes = labels.get(o).classes();
            int[] learnt = IntStream.range(0, training.length)
                    .filter(s -> training[s])
                    .flatMap(s -> values.get(s).stream().mapToInt(label -> (int) label.value()))
                    .distinct()
                    .toArray();
            List<String> unseen = IntStream.range(0, classes.size())
                    .filter(c -> IntStream.of(learnt).noneMatch(seen -> seen == c))
                    .mapToObj(classes::get)
                    .toList();
            if (learnt.length > 0 && !unseen.isEmpty()) {
                throw new CohortException("no training sample has the class " + NameList.of(unseen) + " of label '"
                        + options.get(o).name() + "', only samples that are held out; expected some of each class");
            }
        }
    }
}
