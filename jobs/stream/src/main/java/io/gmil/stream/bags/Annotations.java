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

    private static final AvroWire<CellChunk> WIRE = AvroWire.of(CellChunk.class);

    private final String[] ids;
    private final short[] typeCodes;
    private final List<String> types;

    private Annotations(String[] ids, short[] typeCodes, List<String> types) {
        this.ids = ids;
        this.typeCodes = typeCodes;
        this.types = types;
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
        if (!bag.getAnnotated()) {
            return new Annotations(null, null, List.of());
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
                    ids = ids != null ? ids : new String[bag.getCells()];
                    for (int row = 0; row < annotation.getCells(); row++) {
                        ids[first + row] = annotation.getCellIds().get(row);
                    }
                }
                if (annotation.getCellTypes() != null) {
                    codes = codes != null ? codes : unknown(bag.getCells());
                    recode(annotation.getCellTypes(), codes, first, types);
                }
            }
            first += bag.getChunkCells().get(chunk);
        }
        return new Annotations(ids, codes, new ArrayList<>(types.keySet()));
    }

    private static short[] unknown(int cells) {
        short[] codes = new short[cells];
        Arrays.fill(codes, (short) -1);
        return codes;
    }

    /** Every chunk has a dictionary of its own; the bag gets one. */
    private static void recode(CellTypes chunk, short[] codes, int first, Map<String, Short> types) {
        var buffer = chunk.getCodes().duplicate().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
        for (int row = 0; buffer.hasRemaining(); row++) {
            int code = buffer.get();
            if (code >= 0 && code < chunk.getNames().size()) {
                codes[first + row] = types.computeIfAbsent(chunk.getNames().get(code), name -> (short) types.size());
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

    /** The id of the cell at a row of the sample; its row where it has none. */
    String id(int cell) {
        return ids == null || ids[cell] == null ? Integer.toString(cell) : ids[cell];
    }

    /** Index into {@link #types()} of each cell, -1 unknown; null where no chunk carries types. */
    short[] typeCodes() {
        return typeCodes;
    }

    List<String> types() {
        return types;
    }
}
