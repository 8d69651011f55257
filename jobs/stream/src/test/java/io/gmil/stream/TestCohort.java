package io.gmil.stream;

import io.gmil.cohort.Sample;
import io.gmil.cohort.SimulatedCohort;
import io.gmil.cohort.SimulationOptions;
import io.gmil.kafka.Chunks;
import io.gmil.kafka.GmilProducer;
import io.gmil.model.FeatureMoments;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import io.gmil.schema.Scaler;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A small simulated cohort as records, in a shuffled order that depends on the seed alone. */
final class TestCohort {

    static final String STUDY = "test";
    static final int PORTIONS = 20;
    static final String OUTCOME = "Y";
    private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_000L);

    final List<Sample> samples;
    final List<Object> records = new ArrayList<>();
    final Control scaler;

    TestCohort(int bags, int testBags, int cells, int dim, long seed) throws Exception {
        try (SimulatedCohort cohort =
                new SimulatedCohort(new SimulationOptions(bags, testBags, cells, dim, 0.5, 0.8, -1, seed))) {
            samples = cohort.samples();
            FeatureMoments moments = new FeatureMoments(dim);
            float[][] values = new float[samples.size()][cells * dim];
            cohort.scan(run -> {
                moments.add(run.values(), run.rows());
                System.arraycopy(run.values(), 0, values[run.sample()], run.firstCell() * dim, run.rows() * dim);
            });
            scaler = scaler(moments);
            for (int i = 0; i < samples.size(); i++) {
                publish(samples.get(i), values[i], cells, dim);
            }
        }
        Collections.shuffle(records, new Random(seed));
    }

    /** Two chunks a sample, one of them twice. */
    private void publish(Sample sample, float[] values, int cells, int dim) {
        int half = cells / 2;
        CellChunk first = chunk(sample, 0, Arrays.copyOfRange(values, 0, half * dim), dim);
        CellChunk second = chunk(sample, 1, Arrays.copyOfRange(values, half * dim, cells * dim), dim);
        records.add(first);
        records.add(second);
        records.add(second);
        records.add(SampleManifest.newBuilder()
                .setStudy(STUDY)
                .setSampleId(sample.id())
                .setPatientId(sample.patientId())
                .setEmbedding("sim")
                .setWidth(dim)
                .setCells(cells)
                .setChunks(2)
                .setChecksum(Chunks.manifestChecksum(first.getChecksum(), second.getChecksum()))
                .setCovariates(Map.of())
                .setProducedAt(TIME)
                .build());
        if (sample.training()) {
            records.add(label(sample, sample.label().orElseThrow(), 0));
        }
    }

    static Label label(Sample sample, double value, int revision) {
        return Label.newBuilder()
                .setStudy(STUDY)
                .setSampleId(sample.id())
                .setPatientId(sample.patientId())
                .setOutcome(OUTCOME)
                .setValue(value)
                .setRevision(revision)
                .setLabelledAt(TIME)
                .build();
    }

    static CellChunk chunk(Sample sample, int index, float[] values, int dim) {
        return Chunks.pack(
                CellChunk.newBuilder()
                        .setStudy(STUDY)
                        .setSampleId(sample.id())
                        .setPatientId(sample.patientId())
                        .setEmbedding("sim")
                        .setChunkIndex(index),
                FloatBuffer.wrap(values),
                dim);
    }

    private static Control scaler(FeatureMoments moments) {
        return Control.newBuilder()
                .setCommandId("scaler")
                .setKind(ControlKind.SET_SCALER)
                .setStudy(STUDY)
                .setIssuedAt(TIME)
                .setScaler(Scaler.newBuilder()
                        .setScalerId("s1")
                        .setStudy(STUDY)
                        .setEmbedding("sim")
                        .setEmbeddingVersion("1")
                        .setCells(moments.count())
                        .setMean(Arrays.stream(moments.mean()).boxed().toList())
                        .setSd(Arrays.stream(moments.sd()).boxed().toList())
                        .setCovariates(List.of())
                        .setCovariateMean(List.of())
                        .setCovariateSd(List.of())
                        .build())
                .build();
    }

    static Control scoreAll() {
        return Control.newBuilder()
                .setCommandId("final")
                .setKind(ControlKind.SCORE_ALL)
                .setStudy(STUDY)
                .setIssuedAt(TIME)
                .build();
    }

    int labelled() {
        return (int) samples.stream().filter(Sample::training).count();
    }

    /** Sends everything there is. */
    void publish(GmilProducer producer) {
        publishScaler(producer);
        send(producer, records);
    }

    void publishScaler(GmilProducer producer) {
        producer.send(scaler);
    }

    /** @param portion from 0 to {@value #PORTIONS} - 1 */
    void publish(GmilProducer producer, int portion) {
        int size = records.size();
        send(producer, records.subList(size * portion / PORTIONS, size * (portion + 1) / PORTIONS));
    }

    private static void send(GmilProducer producer, List<Object> some) {
        for (Object record : some) {
            if (record instanceof CellChunk chunk) {
                producer.send(chunk);
            } else if (record instanceof SampleManifest manifest) {
                producer.send(manifest);
            } else {
                producer.send((Label) record);
            }
        }
        producer.flush();
    }
}
