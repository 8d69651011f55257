package io.gmil.model;

/**
 * What a prediction should say about attention.
 *
 * @param topK cells to list, by weight; 0 lists all
 * @param cellTypeCodes type of each cell, 0 to cellTypes − 1, or −1 if unknown; null without types
 * @param cellTypes number of types
 */
@SuppressWarnings("ArrayRecordComponent") // an argument, never compared
public record AttentionRequest(int topK, short[] cellTypeCodes, int cellTypes) {
    public AttentionRequest {
        if (topK < 0 || cellTypes < 0) {
            throw new IllegalArgumentException(
                    "attention: expected topK and cellTypes >= 0, got " + topK + " and " + cellTypes);
        }
    }

    /** Without cell types. */
    public static AttentionRequest top(int k) {
        return new AttentionRequest(k, null, 0);
    }
}
