package io.gmil.cli;

import io.gmil.cohort.CohortOptions;
import io.gmil.cohort.CohortOptions.Outcome;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.stream.saved.ModelFile;
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

    /**
     * Refuses another outcome or other covariates.
     *
     * @param withLikelihood outcomes whose likelihood was named
     */
    static void requireSame(CohortOptions asked, List<OutcomeOptions> withLikelihood, SavedModel saved) {
        List<OutcomeOptions> outcomes = asked.outcomes();
        if (outcomes.stream().allMatch(outcome -> outcome.column().isPresent())) {
            requireEqual(
                    "--label",
                    text(saved.outcomes().stream().map(ModelFile.Outcome::name).toList()),
                    text(outcomes.stream().map(OutcomeOptions::name).toList()));
        }
        withLikelihood.forEach(outcome -> requireLikelihood(outcome, saved));
        asked.group()
                .ifPresent(column -> requireEqual(
                        "--random-intercept", saved.file().randomIntercept().column(), column));
        if (!asked.covariates().isEmpty()) {
            requireEqual("--covariates", text(saved.covariates()), text(asked.covariates()));
        }
    }

    /** That of the outcome of this name, of all where it has none. */
    private static void requireLikelihood(OutcomeOptions asked, SavedModel saved) {
        String got = likelihood(
                asked.likelihood().name(), asked.trials(), asked.trialsColumn().isPresent());
        for (ModelFile.Outcome outcome : saved.outcomes()) {
            if (asked.column().orElse(outcome.name()).equals(outcome.name())) {
                requireEqual(
                        "likelihood of " + outcome.name(),
                        likelihood(outcome.likelihood(), outcome.trials(), saved.hasTrialsOfEachSample(outcome)),
                        got);
            }
        }
    }

    /** As {@code --label} names it; one trial is Bernoulli. */
    private static String likelihood(String name, int trials, boolean ofEachSample) {
        String likelihood = name.toLowerCase(Locale.ROOT);
        if (!likelihood.equals("binomial")) {
            return likelihood;
        }
        return ofEachSample ? "binomial:@COLUMN" : trials == 1 ? "bernoulli" : "binomial:" + trials;
    }

    /**
     * The cohort as the model is to learn from it.
     *
     * @param withLikelihood outcomes whose likelihood was named
     * @param embedding that was asked for
     */
    static CohortOptions forLearning(
            CohortOptions asked, List<OutcomeOptions> withLikelihood, Optional<String> embedding, SavedModel saved) {
        requireSame(asked, withLikelihood, saved);
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
