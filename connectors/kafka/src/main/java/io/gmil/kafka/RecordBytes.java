package io.gmil.kafka;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Collects the bytes of one record. Small writes are copied into a reused buffer; large ones are only referred to until
 * {@link #toByteArray}, so that an embedding is copied once. The arrays written must not change before that.
 */
final class RecordBytes extends OutputStream {

    private static final int COPIED_BELOW = 4096;

    private final List<ByteBuffer> pieces = new ArrayList<>();
    private byte[] small = new byte[COPIED_BELOW];
    private int smallEnd;
    private int smallStart;

    @Override
    public void write(int b) {
        ensure(1);
        small[smallEnd++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {
        if (length < COPIED_BELOW) {
            ensure(length);
            System.arraycopy(bytes, from, small, smallEnd, length);
            smallEnd += length;
        } else {
            closeSmall();
            pieces.add(ByteBuffer.wrap(bytes, from, length));
        }
    }

    /** The bytes written since the last call. */
    byte[] toByteArray() {
        closeSmall();
        ByteBuffer record = ByteBuffer.allocate(
                pieces.stream().mapToInt(ByteBuffer::remaining).sum());
        pieces.forEach(record::put);
        clear();
        return record.array();
    }

    /** Forgets what was written. */
    void clear() {
        pieces.clear();
        smallStart = 0;
        smallEnd = 0;
    }

    private void closeSmall() {
        if (smallEnd > smallStart) {
            pieces.add(ByteBuffer.wrap(small, smallStart, smallEnd - smallStart));
            smallStart = smallEnd;
        }
    }

    private void ensure(int length) {
        if (smallEnd + length > small.length) {
            // Closed pieces keep the old array; what is still open moves along.
            byte[] larger = Arrays.copyOfRange(small, smallStart, smallStart + Math.max(2 * small.length, length));
            smallEnd -= smallStart;
            smallStart = 0;
            small = larger;
        }
    }
}
