package io.gmil.model;

import java.util.Arrays;

/**
 * Σ H_n and Σ h_n over sites, in double. Rows wait in a buffer, so that a wide model adds many sites in one product; a
 * removed site is its rows with sign −1, so adding and removing a site cancel but for rounding.
 */
final class SiteSum {
    private static final int BUFFERED_ROWS = 256;

    private final int d;
    private final LinearAlgebra algebra;
    private final double[] precision;
    private final double[] shift;
    private final double[] rows;
    private final double[] signs = new double[BUFFERED_ROWS];
    private int buffered;

    SiteSum(int dimension, LinearAlgebra algebra) {
        this.d = dimension;
        this.algebra = algebra;
        this.precision = new double[dimension * dimension];
        this.shift = new double[dimension];
        this.rows = new double[BUFFERED_ROWS * dimension];
    }

    void add(Site site, double sign) {
        if (site.dimension() != d) {
            throw new IllegalArgumentException("site: expected dimension " + d + ", got " + site.dimension());
        }
        for (int k = 0; k < site.rank(); k++) {
            if (buffered == BUFFERED_ROWS) {
                flush();
            }
            System.arraycopy(site.rows(), k * d, rows, buffered * d, d);
            signs[buffered++] = sign;
        }
        Triangular.axpy(sign, site.shift(), 0, shift, 0, d);
    }

    private void flush() {
        if (buffered > 0) {
            algebra.addOuterProducts(rows, signs, buffered, d, precision);
            buffered = 0;
        }
    }

    /** Σ H (D × D); only the lower triangle counts. */
    double[] precision() {
        flush();
        return precision;
    }

    /** r = Σ h (D). */
    double[] shift() {
        return shift;
    }

    void clear() {
        buffered = 0;
        Arrays.fill(precision, 0);
        Arrays.fill(shift, 0);
    }
}
