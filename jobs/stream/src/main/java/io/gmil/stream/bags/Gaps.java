package io.gmil.stream.bags;

import io.gmil.stream.state.Bag;
import java.util.ArrayList;
import java.util.List;

/** What an incomplete bag lacks. */
final class Gaps {

    /** Ranges of chunks that are named; a bag may lack thousands. */
    private static final int MOST_NAMED = 20;

    private Gaps() {}

    /** Cells that have arrived. */
    static int cells(Bag bag) {
        return bag.getChunkCells().stream().mapToInt(Integer::intValue).sum();
    }

    /** For example {@code missing: the manifest; chunks 0, 3-5 of at least 9. Came: 5 chunks, 40 cells}. */
    static String of(Bag bag) {
        List<Integer> chunks = bag.getChunkCells();
        List<String> missing = new ArrayList<>();
        if (!bag.getManifest()) {
            missing.add("the manifest");
        }
        String ranges = ranges(chunks);
        if (!ranges.isEmpty()) {
            missing.add("chunks %s of %s%d".formatted(ranges, bag.getManifest() ? "" : "at least ", chunks.size()));
        }
        return "missing: %s. Came: %d chunks, %d%s cells"
                .formatted(
                        String.join("; ", missing),
                        chunks.stream().filter(rows -> rows > 0).count(),
                        cells(bag),
                        bag.getManifest() ? " of " + bag.getCells() : "");
    }

    private static String ranges(List<Integer> chunkCells) {
        List<String> ranges = new ArrayList<>();
        for (int from = 0; from < chunkCells.size(); from++) {
            if (chunkCells.get(from) == 0) {
                int to = from;
                while (to + 1 < chunkCells.size() && chunkCells.get(to + 1) == 0) {
                    to++;
                }
                ranges.add(from == to ? Integer.toString(from) : from + "-" + to);
                from = to;
            }
        }
        return ranges.size() <= MOST_NAMED
                ? String.join(", ", ranges)
                : String.join(", ", ranges.subList(0, MOST_NAMED)) + ", …";
    }
}
