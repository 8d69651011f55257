package io.gmil.model;

import java.util.Arrays;
import java.util.Comparator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * A site in fewer rows: the principal ones of H = RᵀR, the others left out. The shift changes with H, so that the gradient
 * h − H m at the mean, hence where the posterior comes to rest, is that of the whole site; only S is wider.
 */
final class ReducedSite {
    private ReducedSite() {}

    /**
     * @param most rows; the site itself if it has no more
     * @param mean m (D) at which the site was computed
     */
    static Site of(Site site, int most, double[] mean) {
        if (site.rank() <= most) {
            return site;
        }
        int d = mean.length;
        double[] rows = site.rows();
        double[] kept = principal(rows, site.rank(), most, d);
        double[] shift = site.shift().clone();
        addCurvature(-1, rows, mean, shift);
        addCurvature(1, kept, mean, shift);
        return new Site(most, kept, shift, site.residual());
    }

    private static double[] principal(double[] rows, int rank, int most, int d) {
        DMatrixRMaj gram = new DMatrixRMaj(rank, rank);
        for (int i = 0; i < rank; i++) {
            for (int j = 0; j < rank; j++) {
                gram.set(i, j, Triangular.dot(rows, i * d, rows, j * d, d));
            }
        }
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(rank, true, true);
        if (!eigen.decompose(gram)) {
            throw new IllegalArgumentException("site: expected finite rows");
        }
        Integer[] order = new Integer[rank];
        Arrays.setAll(order, k -> k);
        Arrays.sort(
                order, Comparator.comparingDouble(k -> -eigen.getEigenvalue(k).getReal()));
        double[] kept = new double[most * d];
        for (int k = 0; k < most; k++) {
            DMatrixRMaj vector = eigen.getEigenVector(order[k]);
            for (int i = 0; i < rank; i++) {
                Triangular.axpy(vector.data[i], rows, i * d, kept, k * d, d);
            }
        }
        return kept;
    }

    /** y ← y + sign · RᵀR x. */
    private static void addCurvature(double sign, double[] rows, double[] x, double[] y) {
        for (int at = 0; at < rows.length; at += x.length) {
            Triangular.axpy(sign * Triangular.dot(rows, at, x, 0, x.length), rows, at, y, 0, x.length);
        }
    }
}
