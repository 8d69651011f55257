package io.gmil.stream;

import io.gmil.model.ExactFactor;
import io.gmil.model.Factor;
import io.gmil.model.ModelSpec;
import io.gmil.model.Phase;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Variances;
import io.gmil.model.WideFactor;
import io.gmil.schema.FactorKind;
import io.gmil.schema.Posterior;
import io.gmil.stream.state.ModelId;
import java.nio.ByteBuffer;
import java.time.Instant;

/** Posterior snapshots as records of the posterior topic, and back. */
public final class PosteriorCodec {

    private PosteriorCodec() {}

    /** The model of an outcome under this job's settings. */
    public static ModelSpec spec(int trials, int width, JobConfig config) {
        return ModelSpec.binomial(trials, width, config.fixedEffects()).withSeed(config.seed());
    }

    /** Reads a posterior of an outcome and covariates that the job knows. */
    public static PosteriorSnapshot snapshot(Posterior posterior, JobConfig config) {
        ModelSpec spec = spec(posterior.getTrials(), posterior.getWidth(), config);
        Factor factor = posterior.getFactorKind() == FactorKind.INVERSE_CHOLESKY
                ? Factor.exact(spec.dimension(), Bytes.doubles(posterior.getFactor()))
                : Factor.wide(spec.dimension(), Bytes.floats(posterior.getFactor()));
        return new PosteriorSnapshot(
                spec,
                posterior.getGeneration(),
                posterior.getVersion(),
                Phase.valueOf(posterior.getPhase().name()),
                posterior.getLabelledBags(),
                posterior.getPathLength(),
                Variances.ofEffects(posterior.getSigma2Gamma(), posterior.getSigma2Beta()),
                Bytes.doubles(posterior.getMean()),
                factor);
    }

    /** A snapshot as the record that is published. */
    public static Posterior posterior(
            ModelId id,
            OutcomeConfig outcome,
            JobConfig config,
            PosteriorSnapshot snapshot,
            int stale,
            boolean settled) {
        return Posterior.newBuilder()
                .setStudy(id.getStudy())
                .setOutcome(id.getOutcome())
                .setEmbedding(id.getEmbedding())
                .setEmbeddingVersion(id.getEmbeddingVersion())
                .setScalerId(id.getScalerId())
                .setLikelihood(outcome.likelihood())
                .setTrials(outcome.trials())
                .setWidth(id.getWidth())
                .setCovariates(config.covariates())
                .setGeneration(snapshot.generation())
                .setVersion(snapshot.version())
                .setPhase(io.gmil.schema.Phase.valueOf(snapshot.phase().name()))
                .setLabelledBags(snapshot.labelledBags())
                .setStaleSites(stale)
                .setSettled(settled)
                .setPathLength(snapshot.pathLength())
                .setSigma2Gamma(snapshot.variances().gamma())
                .setSigma2Beta(snapshot.variances().beta())
                .setMean(Bytes.of(snapshot.mean()))
                .setFactorKind(
                        snapshot.factor() instanceof ExactFactor ? FactorKind.INVERSE_CHOLESKY : FactorKind.DEVIATIONS)
                .setFactor(factor(snapshot.factor()))
                .setCodeVersion(CodeVersion.CURRENT)
                .setPublishedAt(Instant.now())
                .build();
    }

    private static ByteBuffer factor(Factor factor) {
        return factor instanceof ExactFactor exact
                ? Bytes.of(exact.packed())
                : Bytes.of(((WideFactor) factor).deviations());
    }
}
