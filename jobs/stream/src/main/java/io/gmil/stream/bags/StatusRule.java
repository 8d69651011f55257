package io.gmil.stream.bags;

import io.gmil.model.Phase;
import io.gmil.schema.PredictionStatus;
import io.gmil.stream.state.Bag;
import java.time.Duration;
import java.time.Instant;

/** Decides what the status of a prediction says; of several reservations the gravest. */
final class StatusRule {

    private final Duration staleAfter;
    private final ModelCatalog catalog;

    StatusRule(Duration staleAfter, ModelCatalog catalog) {
        this.staleAfter = staleAfter;
        this.catalog = catalog;
    }

    PredictionStatus of(Bag bag, ActiveModel model, Instant now) {
        if (!bag.getComplete()) {
            return PredictionStatus.PARTIAL;
        }
        if (stale(model, now)) {
            return PredictionStatus.STALE;
        }
        return model.served().phase() == Phase.MEAN_POOLING ? PredictionStatus.WARMUP : PredictionStatus.OK;
    }

    /**
     * A learner that has not settled publishes all the time: if it is silent it is away, paused, or has its steps refused. One
     * that has settled is silent because there is nothing to learn, and a pinned posterior is old on purpose.
     */
    private boolean stale(ActiveModel model, Instant now) {
        Instant since = catalog.unsettledSince(model);
        return since != null && since.plus(staleAfter).isBefore(now);
    }
}
