package io.gmil.cli.chaos;

import io.gmil.kafka.Chunks;
import io.gmil.model.FeatureMoments;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import io.gmil.schema.Scaler;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** Small bags as the job reads them: {@value #CELLS} cells × {@value #WIDTH} in {@value #CHUNKS} chunks. */
final class BagRecords {

    static final int CELLS = 12;
    static final int WIDTH = 3;
    static final int CHUNKS = 3;
    static final int TRIALS = 2;

    static final String STUDY = "chaos";
    static final String OUTCOME = "label";
    static final String EMBEDDING = "cells";

    private BagRecords() {}

    /** Settings of the job that they are made for. */
    static Map<String, String> settings() {
        return Map.of("study", STUDY, "outcomes", OUTCOME + ":binomial:" + TRIALS);
    }

    static Scaler scaler(FeatureMoments moments) {
        return Scaler.newBuilder()
                .setScalerId("chaos")
                .setStudy(STUDY)
                .setEmbedding(EMBEDDING)
                .setEmbeddingVersion("1")
                .setCells(moments.count())
                .setMean(Arrays.stream(moments.mean()).boxed().toList())
                .setSd(Arrays.stream(moments.sd()).boxed().toList())
                .setCovariates(List.of())
                .setCovariateMean(List.of())
                .setCovariateSd(List.of())
                .build();
    }

    /**
     * The chunks of a bag, and its manifest last.
     *
     * @param values cells × width, row-major
     */
    static List<SpecificRecord> bag(String sample, String patient, int revision, float[] values) {
        int length = CELLS / CHUNKS * WIDTH;
        List<SpecificRecord> records = new ArrayList<>();
        int[] checksums = new int[CHUNKS];
        for (int i = 0; i < CHUNKS; i++) {
            CellChunk chunk = Chunks.pack(
                    CellChunk.newBuilder()
                            .setStudy(STUDY)
                            .setSampleId(sample)
                            .setPatientId(patient)
                            .setRevision(revision)
                            .setEmbedding(EMBEDDING)
                            .setChunkIndex(i),
                    FloatBuffer.wrap(values, i * length, length).slice(),
                    WIDTH);
            checksums[i] = chunk.getChecksum();
            records.add(chunk);
        }
        records.add(SampleManifest.newBuilder()
                .setStudy(STUDY)
                .setSampleId(sample)
                .setPatientId(patient)
                .setRevision(revision)
                .setEmbedding(EMBEDDING)
                .setWidth(WIDTH)
                .setCells(CELLS)
                .setChunks(CHUNKS)
                .setChecksum(Chunks.manifestChecksum(checksums))
                .setProducedAt(Instant.now())
                .build());
        return records;
    }

    /** @param value 0 to {@value #TRIALS} */
    static Label.Builder label(String sample, String patient, double value) {
        return Label.newBuilder()
                .setStudy(STUDY)
                .setSampleId(sample)
                .setPatientId(patient)
                .setOutcome(OUTCOME)
                .setValue(value)
                .setLabelledAt(Instant.now());
    }
}
