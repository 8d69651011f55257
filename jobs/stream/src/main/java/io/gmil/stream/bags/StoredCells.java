package io.gmil.stream.bags;

import io.gmil.model.Cells;
import io.gmil.stream.state.Bag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The cells of a complete bag, read from state chunk by chunk. Valid while its shard is the current key. */
final class StoredCells implements Cells {

    private final BagStore store;
    private final Bag bag;
    private final float[] buffer;

    /** @param buffer holds at least the values of the longest chunk; shared between bags */
    StoredCells(BagStore store, Bag bag, float[] buffer) {
        this.store = store;
        this.bag = bag;
        this.buffer = buffer;
    }

    @Override
    public int count() {
        return bag.getCells();
    }

    @Override
    public int width() {
        return bag.getWidth();
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        for (int chunk = 0; chunk < bag.getChunkCells().size(); chunk++) {
            int rows = bag.getChunkCells().get(chunk);
            byte[] bytes = store.chunk(bag, chunk);
            ByteBuffer.wrap(bytes)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asFloatBuffer()
                    .get(buffer, 0, rows * bag.getWidth());
            store.recycle(bytes);
            visitor.block(buffer, rows);
        }
    }
}
