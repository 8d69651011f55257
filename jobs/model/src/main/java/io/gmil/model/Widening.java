package io.gmil.model;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Takes the curvature C of {@link SecondOrder} off a precision Λ = L Lᵀ. Λ − C need not be positive definite: in the
 * directions that the data say little about, C is mostly noise. So of L⁻¹ C L⁻ᵀ = V diag(λ) Vᵀ, which says what share of
 * the precision is taken off, no more than {@link #MOST} is.
 */
final class Widening {
    /** At most this share of the precision goes in any direction: a standard deviation grows by up to 1.8. */
    static final double MOST = 0.7;

    private Widening() {}

    /**
     * The inverse Cholesky factor (D × D, lower triangle, zeros above) of the lessened precision; null where it cannot be
     * factorised.
     *
     * @param inverseCholesky L⁻¹ on the lower triangle
     * @param curvature C, symmetric
     */
    static double[] of(double[] inverseCholesky, double[] curvature, int d, LinearAlgebra algebra) {
        DMatrixRMaj inverse = lower(inverseCholesky, d);
        DMatrixRMaj left = new DMatrixRMaj(d, d);
        DMatrixRMaj share = new DMatrixRMaj(d, d);
        CommonOps_DDRM.mult(inverse, DMatrixRMaj.wrap(d, d, curvature), left);
        CommonOps_DDRM.multTransB(left, inverse, share);
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(d, true, true);
        if (!eigen.decompose(share)) {
            return null;
        }
        double[] l = inverse.data.clone();
        algebra.invertLower(l, d);
        DMatrixRMaj cholesky = lower(l, d);
        DMatrixRMaj root = new DMatrixRMaj(d, d);
        for (int k = 0; k < d; k++) {
            double kept = Math.sqrt(1 - Math.min(eigen.getEigenvalue(k).getReal(), MOST));
            DMatrixRMaj vector = eigen.getEigenVector(k);
            for (int i = 0; i < d; i++) {
                root.data[i * d + k] = kept * vector.data[i];
            }
        }
        DMatrixRMaj factor = new DMatrixRMaj(d, d);
        DMatrixRMaj precision = new DMatrixRMaj(d, d);
        CommonOps_DDRM.mult(cholesky, root, factor);
        CommonOps_DDRM.multTransB(factor, factor, precision);
        if (!algebra.cholesky(precision.data, d)) {
            return null;
        }
        algebra.invertLower(precision.data, d);
        return lower(precision.data, d).data;
    }

    private static DMatrixRMaj lower(double[] a, int d) {
        DMatrixRMaj lower = new DMatrixRMaj(d, d);
        for (int i = 0; i < d; i++) {
            System.arraycopy(a, i * d, lower.data, i * d, i + 1);
        }
        return lower;
    }
}
