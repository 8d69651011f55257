package io.gmil.cohort;

import io.gmil.cohort.CohortOptions.Outcome;
import java.util.List;
import java.util.Optional;

/**
 * One outcome of a cohort and how its column is to be read.
 *
 * @param column of the outcome; empty: {@code label} where the cohort has it, else no sample has a label
 * @param likelihood of the outcome
 * @param trials of a binomial outcome; 1 for others and where {@code trialsColumn} tells them
 * @param trialsColumn per-sample column of the trials of a binomial outcome
 * @param positive values that count as 1 for a Bernoulli outcome; empty: the column is numeric
 */
public record OutcomeOptions(
        Optional<String> column, Outcome likelihood, int trials, Optional<String> trialsColumn, List<String> positive) {

    /** @throws CohortException for trials or positive values of a likelihood that has none */
    public OutcomeOptions {
        positive = List.copyOf(positive);
        if (!positive.isEmpty() && likelihood != Outcome.BERNOULLI) {
            throw new CohortException("--positive is for a Bernoulli label; the likelihood is " + likelihood);
        }
        if (trials < 1) {
            throw new CohortException("--trials of a binomial label is " + trials + "; expected at least 1");
        }
        boolean fixed = likelihood == Outcome.BINOMIAL && trialsColumn.isEmpty();
        if (trials > 1 && !fixed) {
            throw new CohortException("--trials " + trials + " is for a binomial label"
                    + trialsColumn
                            .map(name -> " whose trials are not in column '" + name + "'")
                            .orElse("; the likelihood is " + likelihood));
        }
        if (trialsColumn.isPresent() && likelihood != Outcome.BINOMIAL) {
            throw new CohortException("trials in column '" + trialsColumn.get()
                    + "' are for a binomial label; the likelihood is " + likelihood);
        }
    }

    /** 0 or 1; a text where positive values are named. */
    public static OutcomeOptions bernoulli(Optional<String> column, List<String> positive) {
        return new OutcomeOptions(column, Outcome.BERNOULLI, 1, Optional.empty(), positive);
    }

    /** Successes of the same number of trials in every sample. */
    public static OutcomeOptions binomial(Optional<String> column, int trials) {
        return new OutcomeOptions(column, Outcome.BINOMIAL, trials, Optional.empty(), List.of());
    }

    /** Successes of as many trials as another column says of each sample. */
    public static OutcomeOptions binomial(Optional<String> column, String trialsColumn) {
        return new OutcomeOptions(column, Outcome.BINOMIAL, 1, Optional.of(trialsColumn), List.of());
    }

    /** One of two or more classes. */
    public static OutcomeOptions categorical(Optional<String> column) {
        return new OutcomeOptions(column, Outcome.CATEGORICAL, 1, Optional.empty(), List.of());
    }

    /** A number. */
    public static OutcomeOptions normal(Optional<String> column) {
        return new OutcomeOptions(column, Outcome.NORMAL, 1, Optional.empty(), List.of());
    }

    /** Column of the outcome as messages and results name it. */
    public String name() {
        return column.orElse(SampleColumns.DEFAULT_LABEL);
    }
}
