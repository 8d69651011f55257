package io.gmil.cli;

import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.stream.saved.SavedModel;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a cohort is read for a saved model. An option that says otherwise than the model is a mistake; one that says the same
 * may be given.
 */
final class OfModel {

    private OfModel() {}

    /** Refuses another outcome or other covariates. */
    static void requireSame(CohortOptions asked, SavedModel saved) {
        asked.label().ifPresent(label -> requireEqual("--label", saved.outcome(), label));
        if (asked.likelihood() == Outcome.BINOMIAL) {
            requireEqual("--trials", Integer.toString(saved.trials()), Integer.toString(asked.trials()));
        }
        if (!asked.covariates().isEmpty()) {
            requireEqual("--covariates", text(saved.covariates()), text(asked.covariates()));
        }
    }

    /**
     * The cohort as the model is to learn from it.
     *
     * @param embedding that was asked for
     */
    static CohortOptions forLearning(CohortOptions asked, Optional<String> embedding, SavedModel saved) {
        requireSame(asked, saved);
        embedding.ifPresent(name -> requireEqual("--embedding", saved.embedding(), name));
        List<String> positive = saved.positive();
        if (!asked.positive().isEmpty()) {
            requireEqual("--positive", text(positive), text(asked.positive()));
        }
        return asked.forLearning(
                saved.embedding(),
                List.of(new OutcomeOptions(
                        Optional.of(saved.outcome()),
                        Outcome.valueOf(saved.likelihood().toUpperCase(Locale.ROOT)),
                        saved.trials(),
                        Optional.empty(),
                        positive)),
                saved.covariates(),
                saved.covariateCodes());
    }

    private static void requireEqual(String option, String expected, String got) {
        if (!got.equals(expected)) {
            throw new UsageException(option + ": expected " + expected + " as in the model, got " + got);
        }
    }

    private static String text(List<String> names) {
        return names.isEmpty() ? "none" : String.join(",", names);
    }
}
