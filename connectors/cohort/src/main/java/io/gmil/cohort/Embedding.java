package io.gmil.cohort;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * A dense matrix cells × Q of an AnnData file. It has one part, or one for each column of a data frame.
 *
 * @param name X or obsm/NAME
 * @param rows cells
 * @param width Q
 * @param parts where the columns are
 */
record Embedding(String name, long rows, int width, List<Part> parts) {

    /**
     * Neighbouring columns in one dataset.
     *
     * @param bytes rows of the dataset
     * @param type type of the numbers
     * @param offset bytes before the first number in a row
     * @param firstColumn column of the first number in the embedding
     * @param columns how many
     */
    record Part(RowBytes bytes, ElementType type, int offset, int firstColumn, int columns) {

        private boolean isWholeFloat32(int width) {
            return columns == width && type.isFloat32() && bytes.rowBytes() == width * Float.BYTES;
        }
    }

    /** Reads rows into the front of an array, row-major. Numbers beyond the range of a float become infinite. */
    void read(long firstRow, int count, float[] into) throws IOException {
        for (Part part : parts) {
            int done = 0;
            while (done < count) {
                int rows = Math.min(count - done, part.bytes.load(firstRow + done));
                if (part.isWholeFloat32(width)) {
                    copy(part, firstRow + done, rows, into, done);
                } else {
                    decode(part, firstRow + done, rows, into, done);
                }
                done += rows;
            }
        }
    }

    private void copy(Part part, long row, int count, float[] into, int at) {
        part.bytes.band().order(part.type.order()).position(part.bytes.position(row));
        FloatBuffer floats = part.bytes.band().asFloatBuffer();
        floats.get(into, at * width, count * width);
    }

    private void decode(Part part, long row, int count, float[] into, int at) {
        part.bytes.band().order(part.type.order());
        for (int r = 0; r < count; r++) {
            int position = part.bytes.position(row + r) + part.offset;
            int out = (at + r) * width + part.firstColumn;
            for (int q = 0; q < part.columns; q++) {
                into[out + q] = (float) part.type.decoder().at(part.bytes.band(), position + q * part.type.size());
            }
        }
    }
}
