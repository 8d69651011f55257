package io.gmil.model;

import org.bytedeco.openblas.global.openblas;

/**
 * ND4J on OpenBLAS. A row-major Java array is handed over as the column-major array of its transpose, so nothing is
 * transposed: the lower triangle of a is the upper one of aᵀ, and L is the transpose of U in aᵀ = UᵀU.
 *
 * <p>Factorisations and rank updates call OpenBLAS on ND4J's arrays directly: ND4J has no dtrtri, hands dtrsm an illegal
 * argument, and turns a matrix that is not positive definite, which is expected here, into an Error.
 */
public final class Nd4jAlgebra implements LinearAlgebra {
    private static final int COLUMN_MAJOR = openblas.CblasColMajor;

    /** LAPACKE's word for a matrix that holds NaN: its argument 4 is illegal. */
    private static final int NOT_A_NUMBER = -4;

    private static final byte UPPER = 'U';
    private static final byte NOT_UNIT = 'N';
    /** Cells and their projections of one tile stay in the second-level cache. */
    private static final int TILE_VALUES = 1 << 16;

    private int dimension;
    private NativeMatrix square;
    private NativeMatrix buffer;
    private int capacity;

    /** @throws IllegalStateException if the native library computes wrongly on this processor */
    public Nd4jAlgebra() {
        Nd4jSelfTest.require();
    }

    /** For the self-test. */
    Nd4jAlgebra(boolean tested) {
        if (tested) {
            Nd4jSelfTest.require();
        }
    }

    private void prepare(int n) {
        if (n != dimension) {
            square = new NativeMatrix(n, n);
            buffer = null;
            dimension = n;
        }
    }

    @Override
    public void addOuterProducts(double[] rows, double[] signs, int count, int n, double[] a) {
        prepare(n);
        if (buffer == null || capacity < count) {
            capacity = Math.max(count, signs.length);
            buffer = new NativeMatrix(n, capacity);
        }
        square.put(a, 0, 0, n * n);
        addOfSign(1, rows, signs, count, n);
        addOfSign(-1, rows, signs, count, n);
        square.get(a, n * n);
    }

    private void addOfSign(int sign, double[] rows, double[] signs, int count, int n) {
        int k = 0;
        for (int i = 0; i < count; ) {
            int end = i;
            while (end < count && signs[end] == sign) {
                end++;
            }
            if (end > i) { // rows of a sign come together, and are copied together
                buffer.put(rows, i * n, k, (end - i) * n);
                k += end - i;
            }
            i = end + 1;
        }
        if (k > 0) {
            openblas.cblas_dsyrk(
                    COLUMN_MAJOR,
                    openblas.CblasUpper,
                    openblas.CblasNoTrans,
                    n,
                    k,
                    sign,
                    buffer.pointer(),
                    n,
                    1,
                    square.pointer(),
                    n);
        }
    }

    @Override
    public boolean cholesky(double[] a, int n) {
        prepare(n);
        square.put(a, 0, 0, n * n);
        int info = openblas.LAPACKE_dpotrf(COLUMN_MAJOR, UPPER, n, square.pointer(), n);
        if (info > 0 || info == NOT_A_NUMBER) { // above 0: the order of the leading minor that is not positive
            return false;
        }
        expectLegal("dpotrf", info);
        square.get(a, n * n);
        return Double.isFinite(trace(a, n));
    }

    private static double trace(double[] a, int n) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += a[i * n + i];
        }
        return sum;
    }

    /** L⁻¹ is the transpose of U⁻¹. */
    @Override
    public void invertLower(double[] l, int n) {
        prepare(n);
        square.put(l, 0, 0, n * n);
        int info = openblas.LAPACKE_dtrtri(COLUMN_MAJOR, UPPER, NOT_UNIT, n, square.pointer(), n);
        expectLegal("dtrtri", info);
        if (info > 0) {
            throw new IllegalArgumentException("triangle: expected a diagonal without 0, got 0 at " + (info - 1));
        }
        square.get(l, n * n);
    }

    /** l ← (L Lᵀ)⁻¹ on the lower triangle; the upper one is left undefined. */
    void invertFactorised(double[] l, int n) {
        prepare(n);
        square.put(l, 0, 0, n * n);
        expectLegal("dpotri", openblas.LAPACKE_dpotri(COLUMN_MAJOR, UPPER, n, square.pointer(), n));
        square.get(l, n * n);
    }

    private static void expectLegal(String routine, int info) {
        if (info < 0) {
            throw new IllegalStateException(routine + " refuses its argument " + -info);
        }
    }

    @Override
    public CellTile tile(double[] mean, int columns) {
        return new NativeTile(mean, columns, Math.max(64, TILE_VALUES / (mean.length + columns)));
    }
}
