package io.gmil.model;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.TriangularSolver_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/** Plain Java, with EJML's factorisations. */
public final class EjmlAlgebra implements LinearAlgebra {
    /** Cells and their projections of one tile stay in the second-level cache. */
    private static final int TILE_VALUES = 1 << 15;

    @Override
    public void addOuterProducts(double[] rows, double[] signs, int count, int n, double[] a) {
        int k = 0;
        for (; k + 3 < count; k += 4) {
            for (int i = 0; i < n; i++) {
                addFourRows(a, i * n, i, rows, k * n, n, signs, k);
            }
        }
        for (; k < count; k++) {
            for (int i = 0; i < n; i++) {
                Triangular.axpy(signs[k] * rows[k * n + i], rows, k * n, a, i * n, i + 1);
            }
        }
    }

    /** Row i of a gets four products at once, so that it is loaded and stored once; compiled to vector instructions. */
    private static void addFourRows(double[] a, int at, int i, double[] rows, int r0, int n, double[] signs, int k) {
        int r1 = r0 + n;
        int r2 = r1 + n;
        int r3 = r2 + n;
        double c0 = signs[k] * rows[r0 + i];
        double c1 = signs[k + 1] * rows[r1 + i];
        double c2 = signs[k + 2] * rows[r2 + i];
        double c3 = signs[k + 3] * rows[r3 + i];
        for (int j = 0; j <= i; j++) {
            a[at + j] += c0 * rows[r0 + j] + c1 * rows[r1 + j] + (c2 * rows[r2 + j] + c3 * rows[r3 + j]);
        }
    }

    @Override
    public boolean cholesky(double[] a, int n) {
        DMatrixRMaj matrix = DMatrixRMaj.wrap(n, n, a);
        for (int i = 0; i < n; i++) { // EJML reads the upper triangle
            for (int j = 0; j < i; j++) {
                a[j * n + i] = a[i * n + j];
            }
        }
        var decomposition = DecompositionFactory_DDRM.chol(n, true);
        if (!decomposition.decompose(matrix)) {
            return false;
        }
        double[] l = decomposition.getT(null).data;
        System.arraycopy(l, 0, a, 0, n * n);
        return Double.isFinite(Triangular.dot(a, 0, a, 0, n * n));
    }

    @Override
    public void invertLower(double[] l, int n) {
        TriangularSolver_DDRM.invertLower(l, n);
    }

    @Override
    public CellTile tile(double[] mean, int columns) {
        return javaTile(mean, columns);
    }

    static JavaTile javaTile(double[] mean, int columns) {
        return new JavaTile(mean, Math.max(16, TILE_VALUES / (mean.length + columns)));
    }
}
