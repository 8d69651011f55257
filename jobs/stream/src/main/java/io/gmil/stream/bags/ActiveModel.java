package io.gmil.stream.bags;

import io.gmil.model.LinearAlgebra;
import io.gmil.model.ModelSpec;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import io.gmil.model.SiteEngine;
import io.gmil.stream.JobConfig;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.PosteriorCodec;
import io.gmil.stream.state.ModelId;

/** One model key as a shard works with it: the newest posterior and the engines that apply it. */
final class ActiveModel {

    private final ModelId id;
    private final String key;
    private final OutcomeConfig outcome;
    private final EmbeddingScaler scaler;
    private final Predictor predictor;
    private final SiteEngine engine;
    private PosteriorSnapshot snapshot;
    private Version refreshSince = Version.NONE;
    private PosteriorSnapshot pinned;

    /** Begins at the prior, which everyone knows. */
    ActiveModel(ModelId id, String key, OutcomeConfig outcome, EmbeddingScaler scaler, JobConfig config) {
        ModelSpec spec = PosteriorCodec.spec(outcome.trials(), id.getWidth(), config);
        this.id = id;
        this.key = key;
        this.outcome = outcome;
        this.scaler = scaler;
        this.predictor = new Predictor(spec, scaler.features());
        this.engine = new SiteEngine(spec, scaler.features(), LinearAlgebra.forCells());
        this.snapshot = PosteriorSnapshot.prior(spec);
    }

    ModelId id() {
        return id;
    }

    String key() {
        return key;
    }

    OutcomeConfig outcome() {
        return outcome;
    }

    EmbeddingScaler scaler() {
        return scaler;
    }

    Predictor predictor() {
        return predictor;
    }

    SiteEngine engine() {
        return engine;
    }

    /** The newest, at which sites are computed. */
    PosteriorSnapshot snapshot() {
        return snapshot;
    }

    /** What predictions are made with: the newest unless an operator has pinned another. */
    PosteriorSnapshot served() {
        return pinned == null ? snapshot : pinned;
    }

    /** @param other what to predict with; null for the newest again */
    void pin(PosteriorSnapshot other) {
        this.pinned = other;
    }

    /** @param since sites computed before this version are to be computed anew */
    void snapshot(PosteriorSnapshot newest, Version since) {
        this.snapshot = newest;
        this.refreshSince = since;
    }

    /** The version before which a site must not have been computed. */
    Version refreshSince() {
        return refreshSince;
    }
}
