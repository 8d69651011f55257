package io.gmil.stream.bags;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The chunks that came last, by their state key. A bag is predicted as soon as its last chunk has come, so most of it is
 * still here and need not be read back. It only saves time: state has every chunk.
 */
final class ChunkCache {

    private final long mostBytes;
    private final Map<String, byte[]> chunks = new LinkedHashMap<>();
    private long bytes;

    ChunkCache(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    void put(String key, byte[] values) {
        remove(key);
        chunks.put(key, values);
        bytes += values.length;
        var oldest = chunks.entrySet().iterator();
        while (bytes > mostBytes && oldest.hasNext()) {
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
}
