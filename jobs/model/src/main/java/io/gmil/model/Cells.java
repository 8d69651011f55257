package io.gmil.model;

/**
 * The cells of one bag, X (I × Q), as blocks of consecutive rows.
 *
 * <p>A bag may be larger than memory: an implementation streams its blocks, for example from disk, and may be asked to
 * do so repeatedly. Values are raw, that is before the {@link FeatureScaler}.
 */
public interface Cells {
    /** I, the number of cells. */
    int count();

    /** Q, the width of the embedding. */
    int width();

    /** Visits all blocks in the order of the cells. */
    void forEachBlock(BlockVisitor visitor);

    /** Receives blocks of rows. */
    @FunctionalInterface
    interface BlockVisitor {
        /**
         * One block.
         *
         * @param values rows × Q, row-major from index 0; valid during the call only, not to be written
         * @param rows number of rows, at least one
         */
        void block(float[] values, int rows);
    }

    /** Cells in one array, which is not copied. */
    static Cells of(float[] values, int rows, int width) {
        return new ArrayCells(values, rows, width);
    }
}
