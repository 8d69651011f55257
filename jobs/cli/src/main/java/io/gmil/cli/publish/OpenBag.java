package io.gmil.cli.publish;

import io.gmil.cohort.CellRun;
import io.gmil.cohort.Sample;
import io.gmil.kafka.Chunks;
import io.gmil.schema.CellChunk;
import io.gmil.schema.SampleManifest;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A sample whose cells are still being read: cuts them into chunks and remembers what the manifest must say. */
final class OpenBag {

    /** Kafka's default record limit is 1 MiB; the contract says 512 kB with everything. */
    static final int MAX_CHUNK_BYTES = 500_000;

    /** Small samples are cut as well, so that their chunks can arrive in any order. */
    private static final int LEAST_CHUNKS = 3;

    private final StudyNames names;
    private final Sample sample;
    private final int width;
    private final int rowsPerChunk;
    private ChunkBuffer buffer;
    private int cells;
    private int chunks;
    private int[] checksums = new int[LEAST_CHUNKS];

    OpenBag(StudyNames names, Sample sample, int width) {
        this.names = names;
        this.sample = sample;
        this.width = width;
        int fitting = Math.max(1, MAX_CHUNK_BYTES / (width * Float.BYTES));
        this.rowsPerChunk = Math.min(fitting, (sample.cells() + LEAST_CHUNKS - 1) / LEAST_CHUNKS);
        this.buffer = emptyBuffer();
    }

    private ChunkBuffer emptyBuffer() {
        return new ChunkBuffer(width, rowsPerChunk, MAX_CHUNK_BYTES);
    }

    /** Takes a run of cells and passes on every chunk that became full. */
    void append(CellRun run, Consumer<CellChunk> full) {
        for (int row = 0; row < run.rows(); row++) {
            if (!buffer.hasRoomFor(run, row)) {
                cut(full);
            }
            buffer.append(run, row);
        }
        if (complete()) {
            cut(full);
        }
    }

    /** Makes a chunk of what there is. */
    void cut(Consumer<CellChunk> full) {
        if (buffer.rows() == 0) {
            return;
        }
        full.accept(chunk());
        buffer = emptyBuffer();
    }

    /** Whether every cell of the sample was read. */
    boolean complete() {
        return cells + buffer.rows() == sample.cells();
    }

    int heldBytes() {
        return buffer.heldBytes();
    }

    private CellChunk chunk() {
        int checksum = Chunks.checksum(buffer.values());
        if (chunks == checksums.length) {
            checksums = Arrays.copyOf(checksums, 2 * chunks);
        }
        checksums[chunks] = checksum;
        CellChunk chunk = CellChunk.newBuilder()
                .setStudy(names.study())
                .setSampleId(sample.id())
                .setPatientId(sample.patientId())
                .setEmbedding(names.embedding())
                .setEmbeddingVersion(names.embeddingVersion())
                .setChunkIndex(chunks)
                .setCells(buffer.rows())
                .setWidth(width)
                .setValues(buffer.values())
                .setChecksum(checksum)
                .setCellIds(buffer.cellIds())
                .setCellTypes(buffer.cellTypes())
                .build();
        chunks++;
        cells += buffer.rows();
        return chunk;
    }

    /** What the sample consists of, once it is {@link #complete}. */
    SampleManifest manifest(List<String> covariates, Instant producedAt) {
        Map<String, Double> values = new HashMap<>();
        for (int i = 0; i < covariates.size(); i++) {
            values.put(covariates.get(i), sample.covariates()[i]);
        }
        return SampleManifest.newBuilder()
                .setStudy(names.study())
                .setSampleId(sample.id())
                .setPatientId(sample.patientId())
                .setEmbedding(names.embedding())
                .setEmbeddingVersion(names.embeddingVersion())
                .setWidth(width)
                .setCells(cells)
                .setChunks(chunks)
                .setChecksum(Chunks.manifestChecksum(Arrays.copyOf(checksums, chunks)))
                .setCovariates(values)
                .setProducedAt(producedAt)
                .build();
    }
}
