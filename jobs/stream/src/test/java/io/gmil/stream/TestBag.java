package io.gmil.stream;

import io.gmil.kafka.Chunks;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import io.gmil.stream.state.BagEvent;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A sample of two cells a chunk, with values that its name decides. */
record TestBag(String sample, String patient, int revision, int chunks) {

    static final int CELLS_PER_CHUNK = 2;

    static TestBag of(String sample) {
        return new TestBag(sample, "patient of " + sample, 0, 3);
    }

    TestBag revised(int other) {
        return new TestBag(sample, patient, other, chunks);
    }

    /** Every record once: the chunks, then the manifest. */
    List<BagEvent> records(Events events) {
        List<BagEvent> records = new ArrayList<>();
        for (int chunk = 0; chunk < chunks; chunk++) {
            records.add(events.chunk(chunk(chunk).build()));
        }
        records.add(events.manifest(manifest().build()));
        return records;
    }

    float[] values(int chunk) {
        Random random = new Random(sample.hashCode() * 31L + 7L * chunk + revision);
        float[] values = new float[CELLS_PER_CHUNK * Events.WIDTH];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    CellChunk.Builder chunk(int index) {
        return chunk(index, values(index), Events.WIDTH);
    }

    CellChunk.Builder chunk(int index, float[] values, int width) {
        return CellChunk.newBuilder(Chunks.pack(
                CellChunk.newBuilder()
                        .setStudy(Events.STUDY)
                        .setSampleId(sample)
                        .setPatientId(patient)
                        .setRevision(revision)
                        .setEmbedding(Events.EMBEDDING)
                        .setChunkIndex(index),
                FloatBuffer.wrap(values),
                width));
    }

    SampleManifest.Builder manifest() {
        int[] checksums = new int[chunks];
        for (int chunk = 0; chunk < chunks; chunk++) {
            checksums[chunk] = chunk(chunk).getChecksum();
        }
        return SampleManifest.newBuilder()
                .setStudy(Events.STUDY)
                .setSampleId(sample)
                .setPatientId(patient)
                .setRevision(revision)
                .setEmbedding(Events.EMBEDDING)
                .setWidth(Events.WIDTH)
                .setCells(chunks * CELLS_PER_CHUNK)
                .setChunks(chunks)
                .setChecksum(Chunks.manifestChecksum(checksums))
                .setCovariates(Map.of())
                .setProducedAt(Instant.EPOCH);
    }

    Label.Builder label(double value, int labelRevision) {
        return Label.newBuilder()
                .setStudy(Events.STUDY)
                .setSampleId(sample)
                .setPatientId(patient)
                .setOutcome(Events.OUTCOME)
                .setValue(value)
                .setRevision(labelRevision)
                .setLabelledAt(Instant.EPOCH);
    }
}
