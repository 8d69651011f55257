package io.gmil.cohort;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.dataset.DatasetBase;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Rows of a dataset as stored bytes, in bands of about 4 MB read in ascending order. A band of a chunked dataset is a whole
 * number of chunk rows: bands that cut chunks would decompress each of them several times.
 */
final class RowBytes {

    private static final int BAND = 1 << 22;

    private final H5adFile file;
    private final Dataset dataset;
    private final long rows;
    private final int rowBytes;
    private final int bandRows;
    private long first = -1;
    private int held;
    private ByteBuffer band;

    RowBytes(H5adFile file, Dataset dataset) {
        this.file = file;
        this.dataset = dataset;
        long[] dimensions = dataset.getDimensionsAsLong();
        this.rows = dimensions[0];
        long bytes = dataset.getDataType().getSize() * (dimensions.length == 2 ? dimensions[1] : 1L);
        int chunk = dataset instanceof ChunkedDataset chunked ? chunked.getChunkDimensions()[0] : 1;
        // A file may name any chunk height; one beyond the data is as good as the data.
        chunk = (int) Math.max(1, Math.min(chunk, rows));
        long perBand = Math.max(1, BAND / Math.max(1, bytes) / chunk) * chunk;
        if (perBand * bytes > Integer.MAX_VALUE - 8) {
            throw new CohortException(dataset.getPath() + " of " + file.name() + " has chunks of " + chunk * bytes
                    + " bytes across a row; expected less than 2 GB, re-save the file with smaller chunks");
        }
        this.rowBytes = (int) bytes;
        this.bandRows = (int) perBand;
    }

    long rows() {
        return rows;
    }

    int rowBytes() {
        return rowBytes;
    }

    /** Reads the band of a row, unless it is there already, and returns how many rows from this one on it holds. */
    int load(long row) throws IOException {
        if (row < first || row >= first + held || band == null) {
            first = row / bandRows * bandRows;
            held = (int) Math.min(bandRows, rows - first);
            band = read();
        }
        return (int) (first + held - row);
    }

    private ByteBuffer read() throws IOException {
        if (file.guard(dataset, dataset::isEmpty)) {
            throw new CohortException(
                    dataset.getPath() + " of " + file.name() + " was never written: it has a shape but" + " no values");
        }
        return dataset instanceof ContiguousDataset contiguous ? contiguous(contiguous) : slice();
    }

    /** The bytes of the loaded band. */
    ByteBuffer band() {
        return band;
    }

    /** Position of a row in {@link #band()}. */
    int position(long row) {
        return (int) (row - first) * rowBytes;
    }

    /** One read of the file; the library would make one for each row. */
    private ByteBuffer contiguous(ContiguousDataset contiguous) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(held * rowBytes);
        long position = file.userBlock() + contiguous.getDataAddress() + first * rowBytes;
        while (bytes.hasRemaining()) {
            int got = position < 0 ? -1 : file.channel().read(bytes, position + bytes.position());
            if (got < 0) {
                throw new CohortException(file.name() + " is truncated or damaged: row " + first + " and later of "
                        + dataset.getPath() + " are not in the file");
            }
        }
        return bytes.flip();
    }

    private ByteBuffer slice() {
        int[] shape = dataset.getDimensionsAsLong().length == 2
                ? new int[] {held, Math.toIntExact(dataset.getDimensionsAsLong()[1])}
                : new int[] {held};
        long[] offset = new long[shape.length];
        offset[0] = first;
        return file.guard(dataset, () -> ((DatasetBase) dataset).getSliceDataBuffer(offset, shape));
    }
}
