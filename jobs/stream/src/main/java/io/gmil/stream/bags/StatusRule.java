package io.gmil.stream.bags;

import io.gmil.model.BagMeanReference;
import io.gmil.model.BagPrediction;
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

    /** Compares the mean of a bag (Q, scaled) with those of earlier bags. */
    Scored scored(Bag bag, BagPrediction prediction, double[] bagMean) {
        BagMeanReference reference = catalog.reference(bag);
        boolean comparable = reference != null && reference.width() == bagMean.length;
        return new Scored(prediction, bagMean, comparable ? reference.shift(bagMean) : null);
    }

    PredictionStatus of(Bag bag, ActiveModel model, Scored scored, Instant now) {
        if (!bag.getComplete()) {
            return PredictionStatus.PARTIAL;
        }
        if (scored.meanShift() != null
                && scored.meanShift() > catalog.reference(bag).limit()) {
            return PredictionStatus.OUT_OF_DISTRIBUTION;
        }
        if (stale(model, now)) {
            return PredictionStatus.STALE;
        }
        return model.served().phase() == Phase.MEAN_POOLING ? PredictionStatus.WARMUP : PredictionStatus.OK;
    }

    /**
     * A learner that has not settled publishes all the time: if it is silent it is away, paused, or has its steps refused. One
     * that has settled says again that it is there before the time that it has given. A pinned posterior is old on purpose.
     */
    private boolean stale(ActiveModel model, Instant now) {
        Instant nextBy = catalog.nextBy(model, staleAfter);
        return nextBy != null && nextBy.isBefore(now);
    }
}
