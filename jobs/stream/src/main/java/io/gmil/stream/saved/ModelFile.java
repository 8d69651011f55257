package io.gmil.stream.saved;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.gmil.model.ModelSpec;
import io.gmil.model.Phase;
import java.util.List;
import java.util.Map;

/**
 * {@code model.json}; its names are a contract. Version 3; version 2 knew neither how long the fit took nor how good it was,
 * version 1 had one outcome with its posterior beside it, one head and no random intercepts.
 *
 * @param format {@value #FORMAT}
 * @param formatVersion {@value #VERSION}
 * @param outcomes what is predicted, and what was learnt of it
 * @param embedding what cells are described by
 * @param covariates in the order of the fixed effects, the intercept left out
 * @param randomIntercept the grouping; no levels where there is none
 * @param prior of the model at its start
 * @param provenance where it comes from
 * @param trainingSamples learnt samples and the first {@value #DIGITS} digits of their cells' fingerprint
 */
public record ModelFile(
        String format,
        int formatVersion,
        List<Outcome> outcomes,
        Embedding embedding,
        List<Covariate> covariates,
        RandomIntercept randomIntercept,
        Prior prior,
        Provenance provenance,
        Map<String, String> trainingSamples) {

    public static final String FORMAT = "gmil-model";
    public static final int VERSION = 3;
    public static final int DIGITS = 16;

    /**
     * An outcome.
     *
     * @param name of the label column
     * @param likelihood bernoulli, binomial, categorical or normal
     * @param trials of each label; 1 where labels carry their own
     * @param classes of a categorical outcome, in order
     * @param mean of the training labels of a Normal outcome, 0 for others
     * @param sd the same, 1 for others
     * @param posteriors one, or one for each class
     */
    public record Outcome(
            String name,
            String likelihood,
            int trials,
            List<String> classes,
            double mean,
            double sd,
            List<State> posteriors) {

        /** Of a Bernoulli or binomial outcome. */
        public static Outcome counted(String name, String likelihood, int trials, State posterior) {
            return new Outcome(name, likelihood, trials, List.of(), 0, 1, List.of(posterior));
        }
    }

    /** Name, Q, and the scaler of the features (Q). */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    public record Embedding(String name, int width, double[] mean, double[] sd) {}

    /** Name and scaler; the two values of a text in the order of their number, empty for numbers. */
    public record Covariate(String name, double mean, double sd, List<String> values) {}

    /** Column and levels of a grouping of samples. */
    public record RandomIntercept(String column, List<String> levels) {

        /** No grouping. */
        public static RandomIntercept none() {
            return new RandomIntercept("", List.of());
        }
    }

    /** See {@link ModelSpec}. */
    public record Prior(
            double sigma2Gamma,
            double sigma2Beta,
            double sigma2Intercept,
            double hyperStrength,
            int heads,
            double damping,
            int draws,
            long seed,
            ModelSpec.Covariance covariance,
            ModelSpec.Effects effects) {

        /** That of a spec. */
        public static Prior of(ModelSpec spec) {
            return new Prior(
                    spec.prior().sigma2Gamma(),
                    spec.prior().sigma2Beta(),
                    spec.prior().sigma2Intercept(),
                    spec.prior().hyperStrength(),
                    spec.heads(),
                    spec.damping(),
                    spec.draws(),
                    spec.seed(),
                    spec.covariance(),
                    spec.prior().effects());
        }
    }

    /**
     * A posterior in a file of its own, and what can be read of it without gmil.
     *
     * @param file name
     * @param sha256 of the file
     * @param noise σ² of a Normal outcome, of standardised labels; 1 for others
     */
    public record State(
            String file,
            String sha256,
            Phase phase,
            int labelledBags,
            double sigma2Gamma,
            double sigma2Beta,
            double sigma2Intercept,
            double noise) {}

    /**
     * Where a model comes from.
     *
     * @param codeVersion of gmil
     * @param createdAt ISO 8601; it and the seconds are all that differs between two fits of the same data with the same
     *     seed
     * @param seconds that the fit took
     * @param cohort for a person
     * @param fingerprint SHA-256 of cells, labels and covariates of the learnt samples
     * @param samples learnt
     * @param cells learnt
     * @param seed of the fit
     * @param passes over the samples
     * @param evidenceLowerBound of each outcome, the sum over its classes, in nats; none of a model that was not learnt here
     * @param options of the cohort that were given
     */
    public record Provenance(
            String codeVersion,
            String createdAt,
            double seconds,
            String cohort,
            String fingerprint,
            int samples,
            long cells,
            long seed,
            int passes,
            Map<String, Double> evidenceLowerBound,
            Map<String, String> options) {}

    /** The first outcome. */
    @JsonIgnore
    public Outcome outcome() {
        return outcomes.get(0);
    }

    /** The first posterior. */
    @JsonIgnore
    public State posterior() {
        return outcome().posteriors().get(0);
    }
}
