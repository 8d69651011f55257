package io.gmil.model;

/** JᵀSJ of one covariance S for many J. Thread-confined: buffers are reused. */
@FunctionalInterface
interface QuadraticForm {
    /** @param j J (D) */
    double of(double[] j);

    /**
     * The same, to the bit, of several J.
     *
     * @param j J by bag (count × D, or more)
     * @param out a value for each (count, or more)
     * @param together to take them at once where that is faster
     */
    default void of(double[][] j, int count, double[] out, BagForms together) {
        for (int n = 0; n < count; n++) {
            out[n] = of(j[n]);
        }
    }
}
