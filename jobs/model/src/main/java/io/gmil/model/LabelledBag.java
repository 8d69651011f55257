package io.gmil.model;

/**
 * A bag with its outcome.
 *
 * @param cells X (I × Q), I ≥ 1
 * @param fixedEffects f (K)
 * @param y successes, 0 to trials
 * @param trials n
 */
@SuppressWarnings("ArrayRecordComponent") // an argument, never compared
public record LabelledBag(Cells cells, double[] fixedEffects, double y, int trials) {
    public LabelledBag {
        if (trials < 1 || !(y >= 0) || y > trials) {
            throw new IllegalArgumentException("label: expected 0 to " + trials + " (at least 1) successes, got " + y);
        }
    }
}
