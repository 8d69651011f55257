package io.gmil.stream.bags;

import io.gmil.model.Cells;
import io.gmil.stream.state.Bag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The cells of a bag that are used, read from state chunk by chunk. Valid while its shard is the current key. */
final class StoredCells implements Cells {

    private final BagStore store;
    private final Bag bag;
    private final UsedRows rows;
    private final float[] buffer;

    /** @param buffer holds at least the values of the longest chunk; shared between bags */
    StoredCells(BagStore store, Bag bag, float[] buffer) {
        this.store = store;
        this.bag = bag;
        this.rows = new UsedRows(bag);
        this.buffer = buffer;
    }

    @Override
    public int count() {
        return rows.cells();
    }

    @Override
    public int width() {
        return bag.getWidth();
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        int first = 0;
        for (int chunk = 0; chunk < bag.getChunkCells().size(); chunk++) {
            int stored = rows.stored(chunk);
            if (stored > 0) {
                read(chunk, stored);
                int used = rows.filters() ? pick(rows.drawn(first, stored)) : stored;
                if (used > 0) {
                    visitor.block(buffer, used);
                }
            }
            first += stored;
        }
    }

    private void read(int chunk, int stored) {
        byte[] bytes = store.chunk(bag, chunk);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(buffer, 0, stored * bag.getWidth());
        store.recycle(bytes);
    }

    private int pick(int[] drawn) {
        int width = bag.getWidth();
        for (int i = 0; i < drawn.length; i++) {
            System.arraycopy(buffer, drawn[i] * width, buffer, i * width, width);
        }
        return drawn.length;
    }
}
