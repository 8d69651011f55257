package io.gmil.stream.bags;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.WireException;
import io.gmil.schema.CellChunk;
import io.gmil.schema.CellTypes;
import io.gmil.stream.state.Bag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.FlinkRuntimeException;

/** The ids and types of a bag's cells, as far as its chunks carry them. */
final class Annotations {

    /** Of a bag; cells of further ones count as unknown. */
    private static final int MOST_TYPES = Short.MAX_VALUE;

    private static final short UNKNOWN = -1;

    private static final AvroWire<CellChunk> WIRE = AvroWire.of(CellChunk.class);

    private final String[] ids;
    private final short[] typeCodes;
    private final List<String> types;
    private final UsedRows rows;

    private Annotations(String[] ids, short[] typeCodes, List<String> types, UsedRows rows) {
        this.ids = ids;
        this.typeCodes = typeCodes;
        this.types = types;
        this.rows = rows;
    }

    /** What is stored beside a chunk's values, or null where it carries neither ids nor types. */
    static byte[] encode(CellChunk chunk) {
        if (chunk.getCellIds() == null && chunk.getCellTypes() == null) {
            return null;
        }
        CellChunk bare = CellChunk.newBuilder()
                .setStudy(chunk.getStudy())
                .setSampleId(chunk.getSampleId())
                .setPatientId(chunk.getPatientId())
                .setEmbedding(chunk.getEmbedding())
                .setChunkIndex(chunk.getChunkIndex())
                .setCells(chunk.getCells())
                .setWidth(chunk.getWidth())
                .setValues(ByteBuffer.allocate(0))
                .setChecksum(chunk.getChecksum())
                .setCellIds(chunk.getCellIds())
                .setCellTypes(chunk.getCellTypes())
                .build();
        synchronized (WIRE) {
            return WIRE.encode(bare);
        }
    }

    static Annotations load(BagStore store, Bag bag) {
        UsedRows rows = new UsedRows(bag);
        if (!bag.getAnnotated()) {
            return new Annotations(null, null, List.of(), rows);
        }
        String[] ids = null;
        short[] codes = null;
        Map<String, Short> types = new LinkedHashMap<>();
        int first = 0;
        for (int chunk = 0; chunk < bag.getChunkCells().size(); chunk++) {
            byte[] bytes = store.annotations(bag, chunk);
            if (bytes != null) {
                CellChunk annotation = decode(bytes);
                if (annotation.getCellIds() != null) {
                    ids = ids != null ? ids : new String[rows.stored()];
                    for (int row = 0; row < annotation.getCells(); row++) {
                        ids[first + row] = annotation.getCellIds().get(row);
                    }
                }
                if (annotation.getCellTypes() != null) {
                    codes = codes != null ? codes : unknown(rows.stored());
                    recode(annotation.getCellTypes(), codes, first, types);
                }
            }
            first += rows.stored(chunk);
        }
        if (rows.filters()) {
            ids = pick(ids, rows.drawn());
            codes = pick(codes, rows.drawn());
        }
        return new Annotations(ids, codes, new ArrayList<>(types.keySet()), rows);
    }

    /** Those of some rows of a chunk. */
    static byte[] pick(byte[] encoded, int[] rows) {
        CellChunk chunk = decode(encoded);
        chunk.setCells(rows.length);
        if (chunk.getCellIds() != null) {
            List<String> ids = chunk.getCellIds();
            chunk.setCellIds(Arrays.stream(rows).mapToObj(ids::get).toList());
        }
        if (chunk.getCellTypes() != null) {
            ByteBuffer codes = chunk.getCellTypes().getCodes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            ByteBuffer picked = ByteBuffer.allocate(Short.BYTES * rows.length).order(ByteOrder.LITTLE_ENDIAN);
            for (int row : rows) {
                picked.putShort(codes.getShort(codes.position() + Short.BYTES * row));
            }
            chunk.getCellTypes().setCodes(picked.flip());
        }
        synchronized (WIRE) {
            return WIRE.encode(chunk);
        }
    }

    private static String[] pick(String[] ids, int[] rows) {
        return ids == null
                ? null
                : Arrays.stream(rows).mapToObj(row -> ids[row]).toArray(String[]::new);
    }

    private static short[] pick(short[] codes, int[] rows) {
        if (codes == null) {
            return null;
        }
        short[] picked = new short[rows.length];
        for (int i = 0; i < rows.length; i++) {
            picked[i] = codes[rows[i]];
        }
        return picked;
    }

    private static short[] unknown(int cells) {
        short[] codes = new short[cells];
        Arrays.fill(codes, UNKNOWN);
        return codes;
    }

    /** Every chunk has a dictionary of its own; the bag gets one. */
    private static void recode(CellTypes chunk, short[] codes, int first, Map<String, Short> types) {
        var buffer = chunk.getCodes().duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        for (int row = 0; buffer.hasRemaining(); row++) {
            int code = buffer.get();
            if (code >= 0 && code < chunk.getNames().size()) {
                String name = chunk.getNames().get(code);
                Short known = types.get(name);
                if (known == null && types.size() < MOST_TYPES) {
                    known = (short) types.size();
                    types.put(name, known);
                }
                codes[first + row] = known == null ? UNKNOWN : known;
            }
        }
    }

    private static CellChunk decode(byte[] bytes) {
        try {
            synchronized (WIRE) {
                return WIRE.decode(bytes);
            }
        } catch (WireException e) {
            throw new FlinkRuntimeException("stored annotations cannot be read", e);
        }
    }

    /** Position in the sample of a used cell. */
    int row(int cell) {
        return rows.row(cell);
    }

    /** The id of a used cell; its position in the sample where it has none. */
    String id(int cell) {
        return ids == null || ids[cell] == null ? Integer.toString(row(cell)) : ids[cell];
    }

    /** Index into {@link #types()} of each used cell, -1 unknown; null where no chunk carries types. */
    short[] typeCodes() {
        return typeCodes;
    }

    List<String> types() {
        return types;
    }
}
