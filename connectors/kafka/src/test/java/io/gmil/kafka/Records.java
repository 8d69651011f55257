package io.gmil.kafka;

import io.gmil.schema.AttendedCell;
import io.gmil.schema.AttentionKind;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Records for tests. */
final class Records {

    static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_000L);

    private Records() {}

    static CellChunk.Builder chunkOf(String sample, int index) {
        return CellChunk.newBuilder()
                .setStudy("study")
                .setSampleId(sample)
                .setPatientId("p-" + sample)
                .setEmbedding("scvi")
                .setChunkIndex(index);
    }

    static CellChunk chunk(String sample, int index, int cells, int width) {
        return Chunks.pack(chunkOf(sample, index), FloatBuffer.wrap(rows(cells * width, index)), width);
    }

    static float[] rows(int floats, int seed) {
        Random random = new Random(seed);
        float[] rows = new float[floats];
        for (int i = 0; i < floats; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        return rows;
    }

    static Label label(String sample, double value) {
        return Label.newBuilder()
                .setStudy("study")
                .setSampleId(sample)
                .setPatientId("p-" + sample)
                .setOutcome("disease")
                .setValue(value)
                .setLabelledAt(TIME)
                .build();
    }

    static Control control(String id) {
        return Control.newBuilder()
                .setCommandId(id)
                .setKind(ControlKind.SCORE_ALL)
                .setStudy("study")
                .setIssuedAt(TIME)
                .build();
    }

    static AttentionSummary attention(int cells) {
        return AttentionSummary.newBuilder()
                .setStudy("study")
                .setSampleId("s")
                .setPatientId("p")
                .setRevision(0)
                .setOutcome("disease")
                .setKind(AttentionKind.FINAL)
                .setPosteriorGeneration(1)
                .setPosteriorVersion(2)
                .setCells(cells)
                .setEntropy(1)
                .setEffectiveCells(2)
                .setWeightQuantiles(List.of(0.0, 1.0))
                .setTop(IntStream.range(0, cells)
                        .mapToObj(i -> new AttendedCell(i + 1, i, "cell-" + i, 1.0 / cells, 0.5))
                        .toList())
                .setPredictedAt(TIME)
                .build();
    }
}
