package io.gmil.kafka;

import io.gmil.schema.CellChunk;
import io.gmil.schema.CellTypes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/** How cells are packed into {@link CellChunk}s, and the checks both sides agree on. */
public final class Chunks {

    /** Largest payload of a chunk in bytes; with names and checksum the record stays below 512 KiB. */
    public static final int MAX_PAYLOAD_BYTES = 512_000;

    private static final int TYPE_CODE_BYTES = Short.BYTES;

    private Chunks() {}

    /** Rows of an embedding without cell ids that fit into one chunk, at least 1. */
    public static int rowsPerChunk(int width) {
        return rowsPerChunk(width, 0);
    }

    /**
     * Rows that fit into one chunk, at least 1.
     *
     * @param width columns of the embedding, Q
     * @param furtherBytes bytes a row takes besides its floats: cell id, cell type
     */
    public static int rowsPerChunk(int width, int furtherBytes) {
        if (width < 1) {
            throw new IllegalArgumentException("embedding width: expected at least 1, got " + width);
        }
        return (int) Math.max(1, MAX_PAYLOAD_BYTES / ((long) Float.BYTES * width + furtherBytes));
    }

    /**
     * Completes a chunk whose identity is set: packs the rows and sets cells, width, values and checksum.
     *
     * @param chunk with study, sample, patient, embedding and chunk index
     * @param rows cells × width, row-major; its remaining floats are read, its position stays
     * @param width columns of the embedding, Q
     * @throws IllegalArgumentException when there are no whole rows
     */
    public static CellChunk pack(CellChunk.Builder chunk, FloatBuffer rows, int width) {
        if (width < 1 || !rows.hasRemaining() || rows.remaining() % width != 0) {
            throw new IllegalArgumentException("rows of a chunk: expected a positive multiple of width " + width
                    + " floats, got " + rows.remaining());
        }
        ByteBuffer values = ByteBuffer.allocate(rows.remaining() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        values.asFloatBuffer().put(rows.duplicate());
        return chunk.setCells(rows.remaining() / width)
                .setWidth(width)
                .setValues(values)
                .setChecksum(checksum(values))
                .build();
    }

    /** CRC-32C of the remaining bytes; the position stays. */
    public static int checksum(ByteBuffer values) {
        CRC32C crc = new CRC32C();
        crc.update(values.duplicate());
        return (int) crc.getValue();
    }

    /** The checksum of a manifest: CRC-32C over the chunks' checksums, 4 little-endian bytes each, by chunk index. */
    public static int manifestChecksum(int... chunkChecksums) {
        ByteBuffer all =
                ByteBuffer.allocate(Integer.BYTES * chunkChecksums.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int checksum : chunkChecksums) {
            all.putInt(checksum);
        }
        return checksum(all.flip());
    }

    /**
     * What is wrong with a chunk, seen by itself: counts, sizes, checksum. Empty for a sound one. The values themselves
     * are not looked at.
     */
    public static Optional<String> verify(CellChunk chunk) {
        String problem = shapeProblem(chunk);
        if (problem == null) {
            problem = contentProblem(chunk);
        }
        return Optional.ofNullable(problem).map(text -> where(chunk) + ": " + text);
    }

    private static String shapeProblem(CellChunk chunk) {
        if (chunk.getCells() < 1) {
            return "cells: expected at least 1, got " + chunk.getCells();
        }
        if (chunk.getWidth() < 1) {
            return "width: expected at least 1, got " + chunk.getWidth();
        }
        if (chunk.getChunkIndex() < 0) {
            return "chunkIndex: expected at least 0, got " + chunk.getChunkIndex();
        }
        if (chunk.getRevision() < 0) {
            return "revision: expected at least 0, got " + chunk.getRevision();
        }
        long expected = (long) Float.BYTES * chunk.getCells() * chunk.getWidth();
        if (chunk.getValues().remaining() != expected) {
            return String.format(
                    "values: expected %d bytes (%d cells x %d floats), got %d",
                    expected,
                    chunk.getCells(),
                    chunk.getWidth(),
                    chunk.getValues().remaining());
        }
        return null;
    }

    private static String contentProblem(CellChunk chunk) {
        int checksum = checksum(chunk.getValues());
        if (checksum != chunk.getChecksum()) {
            return String.format("checksum: expected %08X, got %08X", chunk.getChecksum(), checksum);
        }
        if (chunk.getCellIds() != null && chunk.getCellIds().size() != chunk.getCells()) {
            return "cellIds: expected " + chunk.getCells() + ", got "
                    + chunk.getCellIds().size();
        }
        return chunk.getCellTypes() == null ? null : typeProblem(chunk.getCellTypes(), chunk.getCells());
    }

    private static String typeProblem(CellTypes types, int cells) {
        ByteBuffer codes = types.getCodes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        if (codes.remaining() != (long) TYPE_CODE_BYTES * cells) {
            return "cellTypes: expected " + (long) TYPE_CODE_BYTES * cells + " bytes of codes, got "
                    + codes.remaining();
        }
        while (codes.hasRemaining()) {
            short code = codes.getShort();
            if (code < -1 || code >= types.getNames().size()) {
                return "cellTypes: expected codes from -1 to "
                        + (types.getNames().size() - 1) + ", got " + code;
            }
        }
        return null;
    }

    private static String where(CellChunk chunk) {
        return "chunk " + chunk.getChunkIndex() + " of sample '" + chunk.getSampleId() + "'";
    }
}
