package io.gmil.cohort;

/**
 * Consecutive cells of one sample, in the order of the source. The arrays are reused by the reader between calls and may
 * be longer than the run: only the first {@code rows} entries (rows × Q values) belong to it.
 *
 * @param sample index into {@link Cohort#samples()}
 * @param firstCell row of the first cell within its sample, counted in the order of the source
 * @param rows cells in this run
 * @param values rows × Q, row-major, starting at 0
 * @param cellIds barcode of each cell, or null where the source has none
 * @param cellTypes type of each cell (an entry may be null), or null where no column was named
 * @param trueWeights known attention weight of each cell, or null
 */
@SuppressWarnings("ArrayRecordComponent") // the arrays are views of the reader's buffers, see above
public record CellRun(
        int sample,
        int firstCell,
        int rows,
        float[] values,
        String[] cellIds,
        String[] cellTypes,
        double[] trueWeights) {}
