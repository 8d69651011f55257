package io.gmil.cli.chaos;

import io.gmil.cohort.Sample;
import io.gmil.cohort.SimulatedCohort;
import io.gmil.cohort.SimulationOptions;
import io.gmil.kafka.Chunks;
import io.gmil.model.FeatureMoments;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import io.gmil.schema.Scaler;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;

/** A simulated cohort in portions, each a shuffled list of the records of some samples, some of them twice. */
final class Feed {

    static final String STUDY = "chaos";
    static final String OUTCOME = "label";
    static final String EMBEDDING = "cells";

    private static final int CELLS = 12;
    private static final int WIDTH = 3;
    private static final int CHUNKS = 3;
    private static final int REPEAT_ONE_IN = 8;
    private static final int TRIALS = 2;

    private final List<Sample> training = new ArrayList<>();
    private final List<Sample> test = new ArrayList<>();
    private final List<Sample> samples;
    private final float[][] cells;
    private final Scaler scaler;
    private final int portions;
    private final long seed;

    /**
     * @param portions in which the training samples come
     * @param perPortion training samples of each
     * @param testSamples all in the first portion
     */
    Feed(int portions, int perPortion, int testSamples, long seed) throws IOException {
        this.portions = portions;
        this.seed = seed;
        SimulationOptions options =
                new SimulationOptions(portions * perPortion, testSamples, CELLS, WIDTH, 1.0, 0.8, -0.5, seed);
        try (SimulatedCohort cohort = new SimulatedCohort(options)) {
            samples = cohort.samples();
            cells = new float[samples.size()][CELLS * WIDTH];
            FeatureMoments moments = new FeatureMoments(WIDTH);
            cohort.scan(run -> System.arraycopy(
                    run.values(), 0, cells[run.sample()], run.firstCell() * WIDTH, run.rows() * WIDTH));
            for (int i = 0; i < samples.size(); i++) {
                (samples.get(i).training() ? training : test).add(samples.get(i));
                moments.add(cells[i], CELLS);
            }
            scaler = scaler(moments);
        }
    }

    private static Scaler scaler(FeatureMoments moments) {
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

    /** Settings of the job that it is made for. */
    static Map<String, String> settings() {
        return Map.of("study", STUDY, "outcomes", OUTCOME + ":binomial:" + TRIALS);
    }

    Scaler scaler() {
        return scaler;
    }

    List<Sample> test() {
        return test;
    }

    /** The samples that come with a portion. */
    List<Sample> portion(int number) {
        int each = training.size() / portions;
        List<Sample> of = new ArrayList<>(training.subList(number * each, (number + 1) * each));
        if (number == 0) {
            of.addAll(test);
        }
        return of;
    }

    /** Cells and manifests of a portion, in the same order every time. */
    List<SpecificRecord> cells(int number) {
        List<SpecificRecord> records = new ArrayList<>();
        Random random = new Random(seed * 31 + number);
        for (Sample sample : portion(number)) {
            List<CellChunk> chunks = chunks(sample);
            for (CellChunk chunk : chunks) {
                records.add(chunk);
                if (random.nextInt(REPEAT_ONE_IN) == 0) {
                    records.add(chunk);
                }
            }
            records.add(manifest(sample, chunks));
        }
        Collections.shuffle(records, random);
        return records;
    }

    private List<CellChunk> chunks(Sample sample) {
        float[] values = cells[samples.indexOf(sample)];
        int length = CELLS / CHUNKS * WIDTH;
        List<CellChunk> chunks = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            chunks.add(Chunks.pack(
                    CellChunk.newBuilder()
                            .setStudy(STUDY)
                            .setSampleId(sample.id())
                            .setPatientId(sample.patientId())
                            .setEmbedding(EMBEDDING)
                            .setChunkIndex(i),
                    FloatBuffer.wrap(values, i * length, length).slice(),
                    WIDTH));
        }
        return chunks;
    }

    private static SampleManifest manifest(Sample sample, List<CellChunk> chunks) {
        return SampleManifest.newBuilder()
                .setStudy(STUDY)
                .setSampleId(sample.id())
                .setPatientId(sample.patientId())
                .setEmbedding(EMBEDDING)
                .setWidth(WIDTH)
                .setCells(CELLS)
                .setChunks(CHUNKS)
                .setChecksum(Chunks.manifestChecksum(
                        chunks.stream().mapToInt(CellChunk::getChecksum).toArray()))
                .setProducedAt(Instant.now())
                .build();
    }

    /** Labels of the training samples of a portion. */
    List<Label> labels(int number) {
        return portion(number).stream()
                .filter(Sample::training)
                .map(sample -> Label.newBuilder()
                        .setStudy(STUDY)
                        .setSampleId(sample.id())
                        .setPatientId(sample.patientId())
                        .setOutcome(OUTCOME)
                        .setValue(sample.label().orElseThrow())
                        .setLabelledAt(Instant.now())
                        .build())
                .toList();
    }
}
