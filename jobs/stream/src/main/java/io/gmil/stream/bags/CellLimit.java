package io.gmil.stream.bags;

import io.gmil.stream.state.Bag;
import java.util.ArrayList;
import java.util.List;

/** Keeps large bags to a number of cells, drawn at random by a seed. */
final class CellLimit {

    private final int most;
    private final long seed;
    private final BagStore store;

    /** @param most cells of a bag, 0 for all */
    CellLimit(int most, long seed, BagStore store) {
        this.most = most;
        this.seed = seed;
        this.store = store;
    }

    /** Draws the cells to be used of a bag that has more than the limit; whether it has. */
    boolean draw(Bag bag) {
        if (most == 0 || bag.getCells() <= most) {
            return false;
        }
        bag.setUsedCells(most);
        bag.setDrawSeed(CellDraw.seed(seed, bag.getSampleId()));
        return true;
    }

    /** Drops from state what was not drawn, chunk by chunk. */
    void drop(Bag bag) {
        UsedRows rows = new UsedRows(bag);
        if (!rows.filters()) {
            return;
        }
        List<Integer> kept = new ArrayList<>();
        int first = 0;
        for (int chunk = 0; chunk < bag.getChunkCells().size(); chunk++) {
            int stored = rows.stored(chunk);
            int[] drawn = rows.drawn(first, stored);
            byte[] annotations = store.annotations(bag, chunk);
            byte[] picked = annotations == null ? null : Annotations.pick(annotations, drawn);
            store.putChunk(bag, chunk, values(bag, chunk, drawn), picked);
            kept.add(drawn.length);
            first += stored;
        }
        bag.setKeptCells(kept);
    }

    private byte[] values(Bag bag, int chunk, int[] drawn) {
        byte[] values = store.chunk(bag, chunk);
        int row = Float.BYTES * bag.getWidth();
        byte[] kept = new byte[drawn.length * row];
        for (int i = 0; i < drawn.length; i++) {
            System.arraycopy(values, drawn[i] * row, kept, i * row, row);
        }
        store.recycle(values);
        return kept;
    }
}
