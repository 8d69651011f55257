package io.gmil.cli.chaos;

import io.gmil.cohort.Sample;
import io.gmil.kafka.AvroWire;
import io.gmil.kafka.Chunks;
import io.gmil.kafka.Topic;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Records that cannot be used.
 *
 * @param cause words of the one dead letter that has to come of them
 */
record Poison(String cause, List<ProducerRecord<byte[], byte[]>> records) {

    private static final String NAME = "poison";
    private static final float[] ZEROS = new float[BagRecords.CELLS * BagRecords.WIDTH];
    private static final List<Topic> READ = List.of(Topic.CELLS, Topic.SAMPLES, Topic.LABELS, Topic.CONTROL);

    private static ProducerRecord<byte[], byte[]> record(String key, SpecificRecord record) {
        Topic topic = record instanceof CellChunk
                ? Topic.CELLS
                : record instanceof SampleManifest
                        ? Topic.SAMPLES
                        : record instanceof Label ? Topic.LABELS : Topic.CONTROL;
        return new ProducerRecord<>(topic.topicName(), bytes(key), encoded(record));
    }

    @SuppressWarnings("unchecked") // the wire is made for the class of the record
    private static <T extends SpecificRecord> byte[] encoded(T record) {
        return AvroWire.of((Class<T>) record.getClass()).encode(record);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Poison of(String cause, SpecificRecord record) {
        return of(cause, NAME, record);
    }

    private static Poison of(String cause, String key, SpecificRecord record) {
        return new Poison(cause, List.of(record(key, record)));
    }

    /**
     * One of every kind.
     *
     * @param known a labelled sample that has been predicted
     * @param erased a patient
     */
    static List<Poison> ofEveryKind(Sample known, String erased, Random random) {
        List<Poison> all = new ArrayList<>(garbage(random));
        all.addAll(cells(known, erased));
        all.addAll(labels(known));
        all.addAll(commands());
        return all;
    }

    /** Bytes that are no record. */
    private static List<Poison> garbage(Random random) {
        byte[] noise = new byte[200];
        random.nextBytes(noise);
        List<Poison> all = new ArrayList<>();
        for (byte[] value : List.of(new byte[0], noise, bytes("{\"sample\": 1}"))) {
            READ.forEach(topic -> all.add(
                    new Poison("record (", List.of(new ProducerRecord<>(topic.topicName(), bytes(NAME), value)))));
            all.add(new Poison("(", List.of(new ProducerRecord<>(Topic.POSTERIOR.topicName(), bytes(NAME), value))));
        }
        READ.forEach(
                topic -> all.add(new Poison("record (", List.of(new ProducerRecord<>(topic.topicName(), null, null)))));
        return all;
    }

    private static List<Poison> cells(Sample known, String erased) {
        CellChunk sound = chunk(NAME, NAME);
        CellChunk nan = Chunks.pack(
                CellChunk.newBuilder(sound), FloatBuffer.wrap(new float[] {0, Float.NaN, 0}), BagRecords.WIDTH);
        CellChunk wide = Chunks.pack(CellChunk.newBuilder(sound), FloatBuffer.wrap(ZEROS), BagRecords.WIDTH + 1);
        List<SpecificRecord> bag = BagRecords.bag(NAME, NAME, 0, ZEROS);
        bag.add(SampleManifest.newBuilder((SampleManifest) bag.remove(BagRecords.CHUNKS))
                .setCells(BagRecords.CELLS + 1)
                .build());
        List<SpecificRecord> other = BagRecords.bag(known.id(), known.patientId(), 0, ZEROS);
        return List.of(
                of("differs from model width", wide),
                of("expected finite features, got NaN", nan),
                of(
                        "checksum: expected",
                        CellChunk.newBuilder(sound).setChecksum(1).build()),
                of("values: expected", CellChunk.newBuilder(sound).setCells(1).build()),
                of(
                        "expected 0 or more, got -1",
                        CellChunk.newBuilder(sound).setRevision(-1).build()),
                of(
                        "expected a sample and a patient",
                        CellChunk.newBuilder(sound).setSampleId("").build()),
                of(
                        "expected 'chaos', got 'other'",
                        CellChunk.newBuilder(sound).setStudy("other").build()),
                of("expected its patient", "somebody else", sound),
                of("expected none of this patient, who was erased", erased, chunk(erased, erased)),
                // Whichever comes last completes the bag, and is named.
                new Poison(
                        "as its manifest says",
                        bag.stream().map(record -> record(NAME, record)).toList()),
                of("seen before, got", known.patientId(), other.get(0)),
                of("as before, got", known.patientId(), other.get(BagRecords.CHUNKS)));
    }

    private static CellChunk chunk(String sample, String patient) {
        return (CellChunk) BagRecords.bag(sample, patient, 0, ZEROS).get(0);
    }

    private static List<Poison> labels(Sample known) {
        Label sound = BagRecords.label(NAME, NAME, 0).build();
        double otherwise = known.label().orElseThrow() == 0 ? 1 : 0;
        return List.of(
                of(
                        "expected a whole number",
                        Label.newBuilder(sound).setValue(BagRecords.TRIALS + 1).build()),
                of(
                        "expected a whole number",
                        Label.newBuilder(sound).setValue(Double.NaN).build()),
                of(
                        "expected an outcome among",
                        Label.newBuilder(sound).setOutcome("fate").build()),
                of("trials of label", Label.newBuilder(sound).setTrials(0).build()),
                of(
                        "expected 'chaos', got 'other'",
                        Label.newBuilder(sound).setStudy("other").build()),
                of("expected its patient", "somebody else", sound),
                of(
                        "as before, got",
                        known.patientId(),
                        BagRecords.label(known.id(), known.patientId(), otherwise)
                                .build()));
    }

    /** What makes no sense. */
    private static List<Poison> commands() {
        return List.of(
                of(
                        "patient: expected one, got none",
                        command(ControlKind.ERASE_PATIENT).build()),
                of(
                        "scaler: expected one, got none",
                        command(ControlKind.SET_SCALER).build()),
                of(
                        "posterior: expected one, got none",
                        command(ControlKind.PIN_POSTERIOR).build()),
                of(
                        "outcome: expected one of",
                        command(ControlKind.REFRESH_ALL).setOutcome("fate").build()),
                of("cells to list", command(ControlKind.SCORE_ALL).setTopK(-1).build()),
                of(
                        "kind: expected one that this release knows",
                        command(ControlKind.UNKNOWN).build()),
                of(
                        "expected 'chaos', got 'other'",
                        command(ControlKind.PAUSE_LEARNING).setStudy("other").build()));
    }

    private static Control.Builder command(ControlKind kind) {
        return LearningJob.command(kind);
    }
}
