package io.gmil.model;

/**
 * The dense operations that decide the speed, on row-major double arrays owned by the caller. Of a symmetric matrix only
 * the lower triangle is read and written, so it is exactly symmetric. Instances are thread-confined.
 */
public interface LinearAlgebra {
    /** The dimension from which the native library factorises and inverts in less time than Java. */
    int NATIVE_FROM = 32;

    /**
     * a ← a + Σ_k sign_k r_k r_kᵀ on the lower triangle.
     *
     * @param rows count × n
     * @param signs +1 or −1 per row
     * @param a n × n
     */
    void addOuterProducts(double[] rows, double[] signs, int count, int n, double[] a);

    /**
     * a ← L with a = L Lᵀ, on the lower triangle; the upper one is left undefined.
     *
     * @return false when a is not positive definite (or not finite); a is then undefined
     */
    boolean cholesky(double[] a, int n);

    /** l ← L⁻¹ on the lower triangle; the upper one is left undefined. */
    void invertLower(double[] l, int n);

    /**
     * A stack for cells and up to so many parameter columns.
     *
     * @param mean to be taken off the cells (Q)
     */
    CellTile tile(double[] mean, int columns);

    /** ND4J: what {@link SiteEngine} uses for the stacked cells of a minibatch, whatever the dimension. */
    static LinearAlgebra forCells() {
        return new Nd4jAlgebra();
    }

    /** Plain Java for small models, ND4J from D = 32. */
    static LinearAlgebra forDimension(int dimension) {
        return dimension < NATIVE_FROM ? new EjmlAlgebra() : new Nd4jAlgebra();
    }
}
