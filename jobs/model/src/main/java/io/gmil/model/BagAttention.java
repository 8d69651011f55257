package io.gmil.model;

/**
 * Where the model looked in one bag.
 *
 * @param entropy −Σ w log w, in nats
 * @param effectiveCells 1 / Σ w²
 * @param weightQuantiles minimum, 25, 50, 75, 90, 99 %, maximum (linear interpolation)
 * @param topIndex cells by falling weight, ties by index
 * @param topWeight their w
 * @param topContribution their w (x'·β); all cells together sum to u
 * @param typeCells cells per type; null without types
 * @param typeMass Σ w per type; null without types. The mass of cells of unknown type is what is missing to 1
 * @param typeContribution Σ w (x'·β) per type; null without types
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared
public record BagAttention(
        double entropy,
        double effectiveCells,
        double[] weightQuantiles,
        int[] topIndex,
        double[] topWeight,
        double[] topContribution,
        int[] typeCells,
        double[] typeMass,
        double[] typeContribution) {}
