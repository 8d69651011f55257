package io.gmil.stream.bags;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The chunks that came last, by their state key. A bag is predicted as soon as its last chunk has come, so most of it is
 * still here and need not be read back. It only saves time: state has every chunk.
 *
 * <p>Arrays are used again. Half a megabyte each, they would be most of what the collector has to move.
 */
final class ChunkCache {

    private static final byte[] NONE = {};

    private final long mostBytes;
    private final int mostArrays;
    private final Map<String, byte[]> chunks = new LinkedHashMap<>();
    private final Deque<byte[]> spares = new ArrayDeque<>();
    private long bytes;

    /**
     * @param mostBytes of chunks and spares together
     * @param mostArrays of either: of small chunks the bytes alone would allow millions, each with more around it than in it
     */
    ChunkCache(long mostBytes, int mostArrays) {
        this.mostBytes = mostBytes;
        this.mostArrays = mostArrays;
    }

    void put(String key, byte[] values) {
        byte[] former = remove(key);
        if (former != null) {
            recycle(former);
        }
        chunks.put(key, values);
        bytes += values.length;
        var oldest = chunks.entrySet().iterator();
        while (bytes > mostBytes && !spares.isEmpty()) {
            bytes -= spares.pop().length;
        }
        while ((bytes > mostBytes || chunks.size() > mostArrays) && oldest.hasNext()) {
            bytes -= oldest.next().getValue().length;
            oldest.remove();
        }
    }

    /** The chunk, which leaves the cache: it is read once, at its bag's arrival. Null where it is not held. */
    byte[] remove(String key) {
        byte[] removed = chunks.remove(key);
        bytes -= removed == null ? 0 : removed.length;
        return removed;
    }

    /** Takes an array nobody reads any more. Refreshes give back arrays that they have not taken from here. */
    void recycle(byte[] values) {
        if (bytes + values.length <= mostBytes && spares.size() < mostArrays) {
            spares.push(values);
            bytes += values.length;
        }
    }

    /** An array to be overwritten, of any length; an empty one where there is none. */
    byte[] spare() {
        byte[] spare = spares.isEmpty() ? NONE : spares.pop();
        bytes -= spare.length;
        return spare;
    }
}
