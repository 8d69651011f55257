package io.gmil.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.schema.CellChunk;
import io.gmil.schema.CellTypes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunksTest {

    @Test
    void packsRowsAsLittleEndianFloats() {
        CellChunk chunk =
                Chunks.pack(Records.chunkOf("s1", 0), FloatBuffer.wrap(new float[] {9, 1, -2, 3, 4.5f, 9}, 1, 4), 2);

        assertThat(chunk.getCells()).isEqualTo(2);
        assertThat(chunk.getWidth()).isEqualTo(2);
        assertThat(floats(chunk)).containsExactly(1, -2, 3, 4.5f);
        assertThat(Chunks.verify(chunk)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 30, 50, 512, 3000})
    void keepsChunksBelow512Kib(int width) {
        CellChunk chunk = Records.chunk("s1", 0, Chunks.rowsPerChunk(width), width);

        assertThat(AvroWire.of(CellChunk.class).encode(chunk)).hasSizeBetween(480_000, 512 * 1024);
    }

    @Test
    void allowsForWhatElseIsInARow() {
        assertThat(Chunks.rowsPerChunk(30)).isEqualTo(4266);
        assertThat(Chunks.rowsPerChunk(30, 20)).isEqualTo(3657);
        assertThat(Chunks.rowsPerChunk(1_000_000)).isEqualTo(1);
        assertThatThrownBy(() -> Chunks.rowsPerChunk(0)).hasMessageContaining("expected at least 1, got 0");
    }

    @Test
    void refusesHalfRows() {
        assertThatThrownBy(() -> Chunks.pack(Records.chunkOf("s1", 0), FloatBuffer.allocate(5), 2))
                .hasMessage("rows of a chunk: expected a positive multiple of width 2 floats, got 5");
        assertThatThrownBy(() -> Chunks.pack(Records.chunkOf("s1", 0), FloatBuffer.allocate(0), 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void checksumIsCrc32c() {
        // The check value of CRC-32C, RFC 3720.
        ByteBuffer digits = ByteBuffer.wrap(new byte[] {'1', '2', '3', '4', '5', '6', '7', '8', '9'});

        assertThat(Chunks.checksum(digits)).isEqualTo(0xE3069283);
        assertThat(digits.remaining()).isEqualTo(9);
    }

    @Test
    void manifestChecksumCoversTheChecksumsInOrder() {
        ByteBuffer expected = ByteBuffer.wrap(new byte[] {4, 3, 2, 1, (byte) 0xFF, 0, 0, 0});

        assertThat(Chunks.manifestChecksum(0x01020304, 0xFF)).isEqualTo(Chunks.checksum(expected));
        assertThat(Chunks.manifestChecksum(0xFF, 0x01020304)).isNotEqualTo(Chunks.checksum(expected));
    }

    @Test
    void findsWhatIsWrong() {
        assertProblem(damaged(c -> c.setCells(0)), "cells: expected at least 1, got 0");
        assertProblem(damaged(c -> c.setWidth(-1)), "width: expected at least 1, got -1");
        assertProblem(damaged(c -> c.setChunkIndex(-1)), "chunkIndex: expected at least 0, got -1");
        assertProblem(damaged(c -> c.setRevision(-1)), "revision: expected at least 0, got -1");
        assertProblem(damaged(c -> c.setCells(4)), "values: expected 32 bytes (4 cells x 2 floats), got 24");
        assertProblem(damaged(c -> c.setCells(1 << 30).setWidth(1 << 30)), "values: expected 4611686018427387904");
        assertProblem(damaged(c -> c.setChecksum(1)), "checksum: expected 00000001, got");
        assertProblem(damaged(c -> c.setCellIds(List.of("a"))), "cellIds: expected 3, got 1");
        assertProblem(damaged(c -> c.setCellTypes(types(0))), "cellTypes: expected 6 bytes of codes, got 2");
        assertProblem(damaged(c -> c.setCellTypes(types(0, -1, 1))), "cellTypes: expected codes from -1 to 0, got 1");
        assertProblem(damaged(c -> c.setCellTypes(types(0, -2, 0))), "cellTypes: expected codes from -1 to 0, got -2");
    }

    @Test
    void acceptsIdsAndTypes() {
        CellChunk chunk = Records.chunk("s1", 0, 3, 2);
        chunk.setCellIds(List.of("a", "b", "c"));
        chunk.setCellTypes(types(0, -1, 0));

        assertThat(Chunks.verify(chunk)).isEmpty();
    }

    private static void assertProblem(CellChunk chunk, String problem) {
        assertThat(Chunks.verify(chunk)).get().asString().startsWith("chunk ").contains("of sample 's1': " + problem);
    }

    private static CellChunk damaged(UnaryOperator<CellChunk.Builder> damage) {
        return damage.apply(CellChunk.newBuilder(Records.chunk("s1", 0, 3, 2))).build();
    }

    private static CellTypes types(int... codes) {
        ByteBuffer bytes = ByteBuffer.allocate(2 * codes.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int code : codes) {
            bytes.putShort((short) code);
        }
        return new CellTypes(List.of("T cell"), bytes.flip());
    }

    private static float[] floats(CellChunk chunk) {
        float[] floats = new float[chunk.getCells() * chunk.getWidth()];
        chunk.getValues()
                .duplicate()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(floats);
        return floats;
    }
}
