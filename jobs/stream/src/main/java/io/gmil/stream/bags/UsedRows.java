package io.gmil.stream.bags;

import io.gmil.stream.state.Bag;
import java.util.Arrays;
import java.util.List;

/** Which rows of a bag are stored, and which of those are used: all of them, unless a limit has drawn some. */
final class UsedRows {

    private final Bag bag;
    private final List<Integer> stored;
    private final boolean limited;
    private int[] drawn;

    UsedRows(Bag bag) {
        this.bag = bag;
        this.limited = bag.getUsedCells() > 0;
        this.stored = bag.getKeptCells().isEmpty() ? bag.getChunkCells() : bag.getKeptCells();
    }

    /** I, the cells used. */
    int cells() {
        return limited ? bag.getUsedCells() : bag.getCells();
    }

    /** Rows of a chunk in state. */
    int stored(int chunk) {
        return stored.get(chunk);
    }

    /** Rows of all chunks in state. */
    int stored() {
        return filters() ? bag.getCells() : cells();
    }

    /** Whether some of the stored rows are not used. */
    boolean filters() {
        return limited && bag.getKeptCells().isEmpty();
    }

    /** Position in the sample of a used cell. */
    int row(int cell) {
        return limited ? drawn()[cell] : cell;
    }

    /** Positions in the sample of the used cells, ascending. Only where a limit has drawn them. */
    int[] drawn() {
        if (drawn == null) {
            drawn = CellDraw.rows(bag.getDrawSeed(), bag.getCells(), bag.getUsedCells());
        }
        return drawn;
    }

    /**
     * Positions within a chunk of the drawn rows.
     *
     * @param first position of the chunk in the sample
     */
    int[] drawn(int first, int rows) {
        int from = position(first);
        int to = position(first + rows);
        int[] within = new int[to - from];
        for (int i = 0; i < within.length; i++) {
            within[i] = drawn()[from + i] - first;
        }
        return within;
    }

    private int position(int row) {
        int found = Arrays.binarySearch(drawn(), row);
        return found >= 0 ? found : -found - 1;
    }
}
