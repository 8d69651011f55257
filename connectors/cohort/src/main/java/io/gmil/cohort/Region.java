package io.gmil.cohort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Part of a file that is overwritten row by row, from its first row on. */
final class Region {

    private static final int BUFFER = 1 << 18;

    private final FileChannel channel;
    private final int rowBytes;
    private final ByteBuffer buffer;
    private long position;

    Region(FileChannel channel, long position, int rowBytes) {
        this.channel = channel;
        this.position = position;
        this.rowBytes = rowBytes;
        this.buffer = ByteBuffer.allocate(Math.max(1, BUFFER / rowBytes) * rowBytes);
    }

    /** The bytes of the next row, zero and in the byte order of the machine, to be filled before the next call. */
    ByteBuffer row() throws IOException {
        if (!buffer.hasRemaining()) {
            flush();
        }
        ByteBuffer row = buffer.slice(buffer.position(), rowBytes).order(ByteOrder.nativeOrder());
        buffer.position(buffer.position() + rowBytes);
        return row;
    }

    /** Writes the rows handed out so far. */
    void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            position += channel.write(buffer, position);
        }
        buffer.clear();
        Arrays.fill(buffer.array(), (byte) 0);
    }
}
