package io.gmil.model;

import java.util.Arrays;

/**
 * R (M × D), the rows of sites as they lie in them: nothing is copied. A row that no site has is 0.
 *
 * @param dimension D
 * @param values by row: the array it is in, null for 0; not to be written
 * @param offsets by row: where it begins
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never compared
record Rows(int dimension, double[][] values, int[] offsets) {
    /** M. */
    int count() {
        return values.length;
    }

    /**
     * out = x Rᵀ.
     *
     * @param x count × D
     * @param out count × M, overwritten
     */
    void times(double[] x, int count, double[] out) {
        int m = values.length;
        Arrays.fill(out, 0, count * m, 0);
        for (int i = 0; i < m; i++) {
            for (int s = 0; s < count && values[i] != null; s++) {
                out[s * m + i] = Triangular.dot(values[i], offsets[i], x, s * dimension, dimension);
            }
        }
    }

    /**
     * out ← y R.
     *
     * @param y count × M
     * @param out count × D, overwritten
     */
    void transposedTimes(double[] y, int count, double[] out) {
        int m = values.length;
        Arrays.fill(out, 0, count * dimension, 0);
        for (int i = 0; i < m; i++) {
            for (int s = 0; s < count && values[i] != null; s++) {
                Triangular.axpy(y[s * m + i], values[i], offsets[i], out, s * dimension, dimension);
            }
        }
    }

    /** Component i of every row (M). */
    double[] column(int component) {
        double[] column = new double[values.length];
        for (int i = 0; i < column.length; i++) {
            column[i] = values[i] == null ? 0 : values[i][offsets[i] + component];
        }
        return column;
    }

    /** The diagonal of RᵀR (D). */
    double[] squares() {
        double[] sums = new double[dimension];
        for (int i = 0; i < values.length; i++) {
            for (int k = 0; k < dimension && values[i] != null; k++) {
                double value = values[i][offsets[i] + k];
                sums[k] += value * value;
            }
        }
        return sums;
    }

    /** Whether these are the same rows of the same sites. */
    boolean same(Rows other) {
        if (other.count() != count() || !Arrays.equals(offsets, other.offsets)) {
            return false;
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i] != other.values[i]) {
                return false;
            }
        }
        return true;
    }
}
