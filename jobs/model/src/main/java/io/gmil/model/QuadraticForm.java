package io.gmil.model;

/** JᵀSJ of one covariance S for many J. Thread-confined: buffers are reused. */
@FunctionalInterface
interface QuadraticForm {
    /** @param j J (D) */
    double of(double[] j);
}
