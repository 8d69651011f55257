package io.gmil.model;

/**
 * What one labelled bag adds to the natural parameters of the posterior: H = rowsᵀ rows and the shift h.
 *
 * <p>With J_s the gradient of η at draw s, e₁ its score and e₂ its curvature: rows_s = √(e₂/S) J_s,
 * h = H m + Σ_s e₁ J_s / S.
 *
 * @param rank number of rows: 1 linearised, S sampled
 * @param rows rank × D, row-major
 * @param shift h (D)
 */
@SuppressWarnings("ArrayRecordComponent") // a message, never compared; its arrays are not to be written
public record Site(int rank, double[] rows, double[] shift) {
    public Site {
        if (rank < 1 || rows.length != rank * shift.length) {
            throw new IllegalArgumentException("site: expected " + rank + " (at least 1) rows of dimension "
                    + shift.length + ", got " + rows.length + " values");
        }
    }

    /** D. */
    public int dimension() {
        return shift.length;
    }
}
