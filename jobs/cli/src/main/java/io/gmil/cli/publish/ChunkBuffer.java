package io.gmil.cli.publish;

import io.gmil.cohort.CellRun;
import io.gmil.schema.CellTypes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows that will become one chunk. Grows with its content, so that thousands of open samples cost little. */
final class ChunkBuffer {

    private final int width;
    private final int maxRows;
    private final int maxBytes;
    private byte[] values = {};
    private int rows;
    private int idBytes;
    private final List<String> ids = new ArrayList<>();
    private final Map<String, Integer> typeCodes = new LinkedHashMap<>();
    private final List<Integer> types = new ArrayList<>();

    /**
     * @param width columns of the embedding
     * @param maxRows rows at most
     * @param maxBytes of values, ids and types together; a single row may exceed it
     */
    ChunkBuffer(int width, int maxRows, int maxBytes) {
        this.width = width;
        this.maxRows = maxRows;
        this.maxBytes = maxBytes;
    }

    int rows() {
        return rows;
    }

    /** Heap held. */
    int heldBytes() {
        return values.length + idBytes;
    }

    /** Whether the next row of the run, with its id and type, still belongs into this chunk. */
    boolean hasRoomFor(CellRun run, int row) {
        if (rows == 0) {
            return true;
        }
        int next = width * Float.BYTES + idLength(run, row) + typeLength(run, row);
        return rows < maxRows && rows * width * Float.BYTES + idBytes + next <= maxBytes;
    }

    void append(CellRun run, int row) {
        int start = rows * width * Float.BYTES;
        int end = start + width * Float.BYTES;
        if (end > values.length) {
            values = Arrays.copyOf(values, Math.max(end, Math.min(maxRows * width * Float.BYTES, values.length * 2)));
        }
        ByteBuffer.wrap(values, start, end - start)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .put(run.values(), row * width, width);
        idBytes += idLength(run, row) + typeLength(run, row);
        if (run.cellIds() != null) {
            ids.add(run.cellIds()[row]);
        }
        if (run.cellTypes() != null) {
            types.add(code(run.cellTypes()[row]));
        }
        rows++;
    }

    /** The rows, little-endian; shares the buffer, which must not be appended to any more. */
    ByteBuffer values() {
        return ByteBuffer.wrap(values, 0, rows * width * Float.BYTES);
    }

    /** Ids of the rows, or null where the source has none. */
    List<String> cellIds() {
        return ids.isEmpty() ? null : ids;
    }

    /** Types of the rows, or null where no column was named. */
    CellTypes cellTypes() {
        if (types.isEmpty()) {
            return null;
        }
        ByteBuffer codes = ByteBuffer.allocate(types.size() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        types.forEach(code -> codes.putShort(code.shortValue()));
        return new CellTypes(List.copyOf(typeCodes.keySet()), codes.flip().order(ByteOrder.BIG_ENDIAN));
    }

    private int code(String type) {
        return type == null ? -1 : typeCodes.computeIfAbsent(type, key -> typeCodes.size());
    }

    private static int idLength(CellRun run, int row) {
        // UTF-8 takes up to three bytes a char; barcodes are ASCII, the margin is in the limit.
        return run.cellIds() == null ? 0 : run.cellIds()[row].length() + 2;
    }

    private int typeLength(CellRun run, int row) {
        if (run.cellTypes() == null) {
            return 0;
        }
        String type = run.cellTypes()[row];
        return Short.BYTES + (type == null || typeCodes.containsKey(type) ? 0 : type.length() + 2);
    }
}
