package io.gmil.cli.evaluate;

import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.cohort.Sample;
import io.gmil.cohort.SampleLabel;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The outcome that models are compared on, the first of its cohort.
 *
 * @param likelihood of its labels
 * @param classes names of a categorical one, by index; none of others
 * @param trueIntercept which makes the linear predictor of a known bag effect; empty where unknown
 */
record EvaluatedOutcome(Outcome likelihood, List<String> classes, OptionalDouble trueIntercept) {

    EvaluatedOutcome {
        classes = List.copyOf(classes);
    }

    EvaluatedOutcome(Outcome likelihood, List<String> classes) {
        this(likelihood, classes, OptionalDouble.empty());
    }

    static EvaluatedOutcome of(Cohort cohort, OutcomeOptions options, OptionalDouble trueIntercept) {
        boolean categorical = options.likelihood() == Outcome.CATEGORICAL;
        return new EvaluatedOutcome(options.likelihood(), categorical ? cohort.classes(0) : List.of(), trueIntercept);
    }

    /** Whether labels count successes, of one trial or more. */
    boolean counts() {
        return likelihood == Outcome.BERNOULLI || likelihood == Outcome.BINOMIAL;
    }

    /** Label of a sample that has one. */
    static SampleLabel label(Sample sample) {
        return sample.labels().get(0).orElseThrow();
    }

    /** Known effects of the bag (1) or of each class on it (C); none where unknown. */
    static double[] trueEffects(Sample sample) {
        return sample.trueEffect().isPresent()
                ? new double[] {sample.trueEffect().getAsDouble()}
                : sample.trueClassEffects();
    }

    /** Those samples that have a label. */
    static List<Sample> labelled(List<Sample> samples) {
        return samples.stream().filter(sample -> sample.label().isPresent()).toList();
    }
}
