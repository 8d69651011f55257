package io.gmil.model;

import java.util.Arrays;

/** Loops over rows of row-major lower triangular matrices; all O(n) or O(n²), nothing is allocated. */
final class Triangular {
    private Triangular() {}

    /** Σ a_i b_i with four accumulators. */
    static double dot(double[] a, int atA, double[] b, int atB, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            s0 += a[atA + i] * b[atB + i];
            s1 += a[atA + i + 1] * b[atB + i + 1];
            s2 += a[atA + i + 2] * b[atB + i + 2];
            s3 += a[atA + i + 3] * b[atB + i + 3];
        }
        for (; i < n; i++) {
            s0 += a[atA + i] * b[atB + i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** Σ a_i b_i with four accumulators. */
    static double dot(float[] a, int atA, double[] b, int atB, int n) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            s0 += a[atA + i] * b[atB + i];
            s1 += a[atA + i + 1] * b[atB + i + 1];
            s2 += a[atA + i + 2] * b[atB + i + 2];
            s3 += a[atA + i + 3] * b[atB + i + 3];
        }
        for (; i < n; i++) {
            s0 += a[atA + i] * b[atB + i];
        }
        return s0 + s1 + (s2 + s3);
    }

    /** y ← y + c x. */
    static void axpy(double c, double[] x, int atX, double[] y, int atY, int n) {
        for (int i = 0; i < n; i++) {
            y[atY + i] += c * x[atX + i];
        }
    }

    /** x ← L⁻¹ x. */
    static void solve(double[] l, int n, double[] x) {
        for (int i = 0; i < n; i++) {
            x[i] = (x[i] - dot(l, i * n, x, 0, i)) / l[i * n + i];
        }
    }

    /** x ← L⁻ᵀ x. */
    static void solveTransposed(double[] l, int n, double[] x) {
        for (int i = n - 1; i >= 0; i--) {
            x[i] /= l[i * n + i];
            axpy(-x[i], l, i * n, x, 0, i);
        }
    }

    /** |Lᵀ x|². */
    static double squaredNormOfTransposed(double[] l, int n, double[] x, double[] scratch) {
        Arrays.fill(scratch, 0, n, 0);
        for (int i = 0; i < n; i++) {
            axpy(x[i], l, i * n, scratch, 0, i + 1);
        }
        return dot(scratch, 0, scratch, 0, n);
    }

    /** |L x|² of a packed L. */
    static double squaredNormOfProduct(double[] packed, int n, double[] x) {
        double sum = 0;
        int i = 0;
        int row = 0;
        for (; i + 3 < n; i += 4) {
            int r1 = row + i + 1;
            int r2 = r1 + i + 2;
            int r3 = r2 + i + 3;
            sum += squaresOfFour(packed, row, r1, r2, r3, i, x);
            row = r3 + i + 4;
        }
        for (; i < n; row += ++i) {
            double y = dot(packed, row, x, 0, i + 1);
            sum += y * y;
        }
        return sum;
    }

    /** |L x|² of an L that is not packed. */
    static double squaredNormOfSquare(double[] l, int n, double[] x) {
        double sum = 0;
        int i = 0;
        for (; i + 3 < n; i += 4) {
            int row = i * n;
            sum += squaresOfFour(l, row, row + n, row + 2 * n, row + 3 * n, i, x);
        }
        for (; i < n; i++) {
            double y = dot(l, i * n, x, 0, i + 1);
            sum += y * y;
        }
        return sum;
    }

    /** Rows i to i + 3, from r0 to r3, at once: x is loaded once for them, and their sums do not wait for each other. */
    private static double squaresOfFour(double[] l, int r0, int r1, int r2, int r3, int i, double[] x) {
        double y0 = 0;
        double y1 = 0;
        double y2 = 0;
        double y3 = 0;
        for (int j = 0; j <= i; j++) {
            double value = x[j];
            y0 += l[r0 + j] * value;
            y1 += l[r1 + j] * value;
            y2 += l[r2 + j] * value;
            y3 += l[r3 + j] * value;
        }
        y1 += l[r1 + i + 1] * x[i + 1];
        y2 += l[r2 + i + 1] * x[i + 1] + l[r2 + i + 2] * x[i + 2];
        y3 += l[r3 + i + 1] * x[i + 1] + l[r3 + i + 2] * x[i + 2] + l[r3 + i + 3] * x[i + 3];
        return y0 * y0 + y1 * y1 + (y2 * y2 + y3 * y3);
    }

    /** The lower triangle of a (n × n) by rows. */
    static double[] pack(double[] a, int n) {
        double[] packed = new double[n * (n + 1) / 2];
        for (int i = 0, to = 0; i < n; to += ++i) {
            System.arraycopy(a, i * n, packed, to, i + 1);
        }
        return packed;
    }
}
