package io.gmil.cohort;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.object.datatype.EnumDataType;
import java.lang.reflect.Array;
import java.util.Map;

/**
 * The rows of a one-dimensional dataset around the one asked for. A block is a whole number of chunks, so that each chunk
 * is decompressed once in a pass.
 */
class ColumnBlock {

    private static final int ROWS = 1 << 15;

    private final H5adFile file;
    private final Dataset dataset;
    private final int length;
    private final int blockRows;
    private final boolean logical;
    private int first;
    private int end;
    private Object values;

    ColumnBlock(H5adFile file, Dataset dataset) {
        this.file = file;
        this.dataset = dataset;
        long[] dimensions = dataset.getDimensionsAsLong();
        if (dimensions.length != 1 || dimensions[0] > Integer.MAX_VALUE) {
            throw new CohortException(dataset.getPath() + " of " + file.name() + " has " + dimensions.length
                    + " dimensions; expected a column with one value a cell");
        }
        this.length = (int) dimensions[0];
        int chunk = dataset instanceof ChunkedDataset chunked ? chunked.getChunkDimensions()[0] : 1;
        this.blockRows = chunk >= ROWS ? chunk : ROWS / chunk * chunk;
        this.logical = dataset.getDataType() instanceof EnumDataType type
                && type.getEnumMapping().containsValue("TRUE");
    }

    int length() {
        return length;
    }

    /** The value of a row as the library's object for its type; a Boolean for an HDF5 enumeration FALSE, TRUE. */
    Object get(int row) {
        load(row);
        Object value = Array.get(values, row - first);
        return logical ? (Object) "TRUE".equals(value) : value;
    }

    /** The rows around the one asked for: an array, or a map of arrays for a compound dataset. */
    private void load(int row) {
        if (row >= first && row < end) {
            return;
        }
        int from = row / blockRows * blockRows;
        int rows = Math.min(blockRows, length - from);
        values = file.guard(dataset, () -> dataset.getData(new long[] {from}, new int[] {rows}));
        first = from;
        end = from + rows;
    }

    /** One member of a compound dataset; members share the block. */
    static final class Member extends ColumnBlock {

        private final ColumnBlock whole;
        private final String member;

        Member(H5adFile file, Dataset dataset, ColumnBlock whole, String member) {
            super(file, dataset);
            this.whole = whole;
            this.member = member;
        }

        @Override
        Object get(int row) {
            whole.load(row);
            return Array.get(((Map<?, ?>) whole.values).get(member), row - whole.first);
        }
    }
}
