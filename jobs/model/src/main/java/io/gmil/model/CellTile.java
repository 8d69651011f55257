package io.gmil.model;

/**
 * A stack of cells X (rows × Q), of one or several bags, held for the two products of one sweep. They are held less a mean:
 * products with features that are far from 0 would lose digits.
 */
interface CellTile {
    /** The most rows it holds. */
    int capacity();

    /** Rows it holds now. */
    int rows();

    void clear();

    /** Appends {@code rows} rows of {@code values} from row {@code from}, as doubles less the mean; they must fit. */
    void append(float[] values, int from, int rows);

    /**
     * out = P Xᵀ.
     *
     * @param parameters P (C × Q)
     * @param out C × rows, overwritten
     */
    void project(double[] parameters, int columns, double[] out);

    /**
     * sums ← Wᵀ X over the rows {@code from} to {@code to}.
     *
     * @param weights Wᵀ (C × (to − from))
     * @param add whether to add it to the sums there are
     * @param sums C × Q
     */
    void accumulate(double[] weights, int columns, int from, int to, boolean add, double[] sums);
}
