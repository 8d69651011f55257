package io.gmil.stream.bags;

import io.gmil.model.BagPrediction;

/**
 * What a prediction found out.
 *
 * @param prediction what the model says of the bag
 * @param bagMean of the cells it was made from, scaled (Q)
 * @param meanShift of that from the means of earlier bags, see {@link io.gmil.model.BagMeanReference#shift}; null where there is
 *     no reference
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Scored(BagPrediction prediction, double[] bagMean, Double meanShift) {}
