package io.gmil.model;

import java.util.Random;
import org.bytedeco.openblas.global.openblas;

/**
 * |L⁻¹J|² of many J at once by one product of the native library, to the bit as {@link ColumnForm} has it for each. Where the
 * library has fused multiply-add, it adds to every value of a triangular product column by column, as we do, if the rows fill
 * its registers: so L⁻¹ is padded to a multiple of eight. {@link #inOrder} tells whether this one does.
 */
final class BagForm {
    /** J in one product, always: its order of additions may depend on their number. */
    static final int BAGS = 64;

    /** J from which the product of all takes less time than one after the other. */
    static final int WORTHWHILE = 32;

    private static final int REGISTER = 8;

    private final int dimension;
    private final int padded;

    /** L⁻¹ (padded × padded) by columns. */
    private final NativeMatrix inverse;

    /** J, then L⁻¹J, by bag. */
    private final NativeMatrix bags;

    private final double[] products;
    private final double[] zeros;

    /** @param dimension D */
    BagForm(int dimension) {
        this.dimension = dimension;
        this.padded = (dimension + REGISTER - 1) / REGISTER * REGISTER;
        this.inverse = new NativeMatrix(padded, padded);
        this.bags = new NativeMatrix(padded, BAGS);
        this.products = new double[padded * BAGS];
        this.zeros = new double[padded];
        inverse.put(new double[padded * padded], 0, 0, padded * padded);
        bags.put(products, 0, 0, products.length);
    }

    /**
     * @param columns those of L⁻¹ (D × D)
     * @param j J by bag
     * @param count {@value #BAGS} at most
     */
    void of(double[][] columns, double[][] j, int count, double[] out) {
        for (int k = 0; k < dimension; k++) {
            inverse.put(columns[k], 0, k, dimension);
        }
        for (int n = 0; n < count; n++) {
            bags.put(j[n], 0, n, dimension);
        }
        for (int n = count; n < BAGS; n++) {
            bags.put(zeros, 0, n, padded); // or what is left there would grow from product to product
        }
        openblas.cblas_dtrmm(
                openblas.CblasColMajor,
                openblas.CblasLeft,
                openblas.CblasLower,
                openblas.CblasNoTrans,
                openblas.CblasNonUnit,
                padded,
                BAGS,
                1,
                inverse.pointer(),
                padded,
                bags.pointer(),
                padded);
        bags.get(products, count * padded);
        for (int n = 0; n < count; n++) {
            out[n] = ColumnForm.squares(products, n * padded, dimension);
            if (!Double.isFinite(out[n])) {
                bags.put(zeros, 0, n, padded); // nor are the values that pad it
            }
        }
    }

    /** Whether numbers drawn at random get the bits they get one by one. */
    boolean inOrder() {
        Random random = new Random(dimension);
        ColumnForm single = new ColumnForm(
                random.doubles((long) dimension * dimension, -1, 1).toArray(), dimension, false);
        double[][] j = new double[BAGS][];
        for (int n = 0; n < BAGS; n++) {
            j[n] = random.doubles(dimension, -1, 1).toArray();
        }
        double[] together = new double[BAGS];
        of(single.columns(), j, BAGS, together);
        for (int n = 0; n < BAGS; n++) {
            if (together[n] != single.of(j[n])) {
                return false;
            }
        }
        return true;
    }
}
