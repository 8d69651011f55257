package io.gmil.stream.bags;

import io.gmil.schema.PredictionKind;
import io.gmil.stream.JobConfig;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.state.Bag;

/**
 * Predicts incomplete bags from what has arrived of them. Such a prediction is never learnt from and judges nothing. It is
 * the one ARRIVAL of its revision: if the rest comes after all, the complete bag is predicted as REVISED.
 */
final class PartialBags {

    private final JobConfig config;
    private final BagStore store;
    private final ModelCatalog catalog;
    private final Scoring scoring;
    private final CellLimit limit;

    PartialBags(JobConfig config, BagStore store, ModelCatalog catalog, Scoring scoring, CellLimit limit) {
        this.config = config;
        this.store = store;
        this.catalog = catalog;
        this.scoring = scoring;
        this.limit = limit;
    }

    /** Whether a scaler is known by which the bag can be predicted. */
    boolean scaled(Bag bag) {
        return catalog.scaler(bag) != null;
    }

    /** Whether there is anything to predict from, of the width of the model. */
    boolean usable(Bag bag) {
        EmbeddingScaler scaler = catalog.scaler(bag);
        return Gaps.cells(bag) > 0 && (scaler == null || scaler.features().width() == bag.getWidth());
    }

    /** Predicts a usable bag. Without a manifest it counts as average in every covariate. */
    void predict(Bag bag) {
        Bag arrived = Bag.newBuilder(bag).setCells(Gaps.cells(bag)).build();
        if (!bag.getManifest()) {
            arrived.setCovariates(catalog.scaler(bag).averageCovariates());
        }
        limit.draw(arrived);
        for (OutcomeConfig outcome : config.outcomes()) {
            ActiveModel model = catalog.model(bag, outcome);
            boolean learnt = Revisions.stillLearnt(model, store.outcome(bag.getSampleId(), outcome.name()));
            scoring.score(arrived, model, PredictionKind.ARRIVAL, config.topK(), learnt, null);
        }
    }
}
