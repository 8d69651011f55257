package io.gmil.model;

/** Cells that lie in one array, rows × width, row-major. */
@SuppressWarnings("ArrayRecordComponent") // a view of the caller's array; never compared
record ArrayCells(float[] values, int count, int width) implements Cells {
    ArrayCells {
        if (width < 1 || count < 0 || (long) count * width > values.length) {
            throw new IllegalArgumentException("cells: expected " + count + " rows of width " + width
                    + " (at least 1), got " + values.length + " values");
        }
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        if (count > 0) {
            visitor.block(values, count);
        }
    }
}
