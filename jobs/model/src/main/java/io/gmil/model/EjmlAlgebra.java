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
        for (; k + 1 < count; k += 2) {
            int r0 = k * n;
            int r1 = r0 + n;
            for (int i = 0; i < n; i++) {
                addTwoRows(a, i * n, i + 1, rows, signs[k] * rows[r0 + i], r0, signs[k + 1] * rows[r1 + i], r1);
            }
        }
        for (; k < count; k++) {
            for (int i = 0; i < n; i++) {
                Triangular.axpy(signs[k] * rows[k * n + i], rows, k * n, a, i * n, i + 1);
            }
        }
    }

    private static void addTwoRows(
            double[] a, int at, int length, double[] rows, double c0, int r0, double c1, int r1) {
        for (int j = 0; j < length; j++) {
            a[at + j] += c0 * rows[r0 + j] + c1 * rows[r1 + j];
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
    public CellTile tile(int width, int columns) {
        return javaTile(width, columns);
    }

    static JavaTile javaTile(int width, int columns) {
        return new JavaTile(width, Math.max(16, TILE_VALUES / (width + columns)));
    }
}
