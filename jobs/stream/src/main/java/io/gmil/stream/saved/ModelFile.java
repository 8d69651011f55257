package io.gmil.stream.saved;

import io.gmil.model.ModelSpec;
import io.gmil.model.Phase;
import java.util.List;
import java.util.Map;

/**
 * {@code model.json}; its names are a contract. Version 1.
 *
 * @param format {@value #FORMAT}
 * @param formatVersion {@value #VERSION}
 * @param outcome what is predicted
 * @param embedding what cells are described by
 * @param covariates in the order of the fixed effects, the intercept left out
 * @param prior of the model at its start
 * @param posterior what was learnt, beside {@code posterior.bin}
 * @param provenance where it comes from
 * @param trainingSamples learnt samples and the first {@value #DIGITS} digits of their cells' fingerprint
 */
public record ModelFile(
        String format,
        int formatVersion,
        Outcome outcome,
        Embedding embedding,
        List<Covariate> covariates,
        Prior prior,
        State posterior,
        Provenance provenance,
        Map<String, String> trainingSamples) {

    public static final String FORMAT = "gmil-model";
    public static final int VERSION = 1;
    public static final int DIGITS = 16;

    /** Name of the label column, its likelihood and the trials of each label. */
    public record Outcome(String name, String likelihood, int trials) {}

    /** Name, Q, and the scaler of the features (Q). */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
    public record Embedding(String name, int width, double[] mean, double[] sd) {}

    /** Name and scaler; the two values of a text in the order of their number, empty for numbers. */
    public record Covariate(String name, double mean, double sd, List<String> values) {}

    /** See {@link ModelSpec}. */
    public record Prior(
            double sigma2Gamma,
            double sigma2Beta,
            double hyperStrength,
            double damping,
            int draws,
            long seed,
            ModelSpec.Covariance covariance,
            ModelSpec.Effects effects) {}

    /** SHA-256 of {@code posterior.bin}, and what can be read of it without gmil. */
    public record State(String sha256, Phase phase, int labelledBags, double sigma2Gamma, double sigma2Beta) {}

    /**
     * Where a model comes from.
     *
     * @param codeVersion of gmil
     * @param createdAt ISO 8601; the only thing that differs between two fits of the same data with the same seed
     * @param cohort for a person
     * @param fingerprint SHA-256 of cells, labels and covariates of the learnt samples
     * @param samples learnt
     * @param cells learnt
     * @param seed of the fit
     * @param passes over the samples
     * @param options of the cohort that were given
     */
    public record Provenance(
            String codeVersion,
            String createdAt,
            String cohort,
            String fingerprint,
            int samples,
            long cells,
            long seed,
            int passes,
            Map<String, String> options) {}
}
