package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.kafka.Topic;
import io.gmil.schema.CellChunk;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BagsDeadLetterTest {

    private static final JobConfig CONFIG = Events.config(Map.of("covariates", "age"));
    private static final Map<String, Double> AGE = Map.of("age", 61.0);
    private static final TestBag BAG = TestBag.of("s1");

    /** Makes a record of no use. */
    private interface Damage {
        BagEvent record(Events events);
    }

    private record Bad(String name, String cause, Damage damage) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<Bad> badRecords() {
        return List.of(
                new Bad(
                        "garbage",
                        "expected a CellChunk in Avro single-object encoding",
                        events -> events.event(
                                Topic.CELLS,
                                EventKind.CELLS,
                                BAG.patient(),
                                "not a chunk".getBytes(StandardCharsets.UTF_8))),
                new Bad(
                        "no value",
                        "expected a SampleManifest, got 0 bytes",
                        events -> events.event(Topic.SAMPLES, EventKind.SAMPLE, BAG.patient(), null)),
                new Bad(
                        "no number",
                        "expected finite features, got NaN in row 1, column 2",
                        events -> events.chunk(BAG.chunk(0, new float[] {1, 2, 3, 4, 5, Float.NaN}, 3)
                                .build())),
                new Bad(
                        "width",
                        "embedding width 2 of sample 's1' (gmil.cells-5@102) differs from model width 3",
                        events ->
                                events.chunk(BAG.chunk(0, new float[] {1, 2}, 2).build())),
                new Bad(
                        "checksum",
                        "checksum: expected 00000001",
                        events -> events.chunk(BAG.chunk(0).setChecksum(1).build())),
                new Bad(
                        "study",
                        "expected 'test', got 'other'",
                        events -> events.chunk(BAG.chunk(0).setStudy("other").build())),
                new Bad(
                        "key",
                        "expected its patient 'patient of s1', got 'somebody'",
                        events -> events.event(
                                Topic.CELLS,
                                EventKind.CELLS,
                                "somebody",
                                Events.encode(BAG.chunk(0).build(), CellChunk.class))),
                new Bad(
                        "sample id",
                        "expected a sample and a patient",
                        events -> events.chunk(BAG.chunk(0).setSampleId(" ").build())),
                new Bad(
                        "tab in a sample id",
                        "neither blank nor with control characters",
                        events -> events.chunk(BAG.chunk(0).setSampleId("s\t1").build())),
                new Bad(
                        "line break in the sample id of a label",
                        "neither blank nor with control characters",
                        events ->
                                events.label(BAG.label(1, 0).setSampleId("s1\n").build())),
                new Bad(
                        "control character in a patient id",
                        "neither blank nor with control characters",
                        events -> events.manifest(
                                BAG.manifest().setPatientId("p\u007f").build())),
                new Bad(
                        "cell ids",
                        "expected 2, got 1",
                        events -> events.chunk(
                                BAG.chunk(0).setCellIds(List.of("AAAC")).build())),
                new Bad(
                        "missing covariate",
                        "covariate 'age' of sample 's1'",
                        events -> events.manifest(BAG.manifest().build())),
                new Bad(
                        "covariate",
                        "expected a finite number, got Infinity",
                        events -> events.manifest(BAG.manifest()
                                .setCovariates(Map.of("age", Double.POSITIVE_INFINITY))
                                .build())),
                new Bad(
                        "chunks",
                        "got 6 cells in 7 chunks",
                        events -> events.manifest(
                                BAG.manifest().setCovariates(AGE).setChunks(7).build())),
                new Bad(
                        "label range",
                        "expected a whole number from 0 to 2, got 3.0",
                        events -> events.label(BAG.label(3, 0).build())),
                new Bad(
                        "label fraction",
                        "got 0.5",
                        events -> events.label(BAG.label(0.5, 0).build())),
                new Bad(
                        "label nan",
                        "got NaN",
                        events -> events.label(BAG.label(Double.NaN, 0).build())),
                new Bad(
                        "outcome",
                        "expected an outcome among [Y], got 'Z'",
                        events -> events.label(BAG.label(1, 0).setOutcome("Z").build())));
    }

    @ParameterizedTest
    @MethodSource("badRecords")
    void aBadRecordIsADeadLetterAndTheOperatorGoesOn(Bad bad) throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.events.chunk(BAG.chunk(0).build());
            BagEvent record = bad.damage.record(bags.events);
            bags.send(record);

            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
            DeadLetter letter = bags.side(Bags.DEAD_LETTERS).get(0);
            assertThat(letter.getCause()).contains(bad.cause);
            assertPlace(letter, record);
            assertThat(letter.getRecord()).isEqualTo(record.getValue());

            sendBag(bags);
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
        }
    }

    @Test
    void aBagThatContradictsItsManifestIsDroppedUntilTheNextRevision() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(BAG.records(bags.events).subList(0, 3));
            BagEvent manifest = bags.events.manifest(
                    BAG.manifest().setCovariates(AGE).setCells(7).build());
            bags.send(manifest);

            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
            DeadLetter letter = bags.side(Bags.DEAD_LETTERS).get(0);
            assertThat(letter.getCause()).contains("expected 7 cells", "got 6 cells");
            assertThat(letter.getSampleId()).isEqualTo("s1");
            assertPlace(letter, manifest);
            bags.send(manifest);
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).isEmpty();

            TestBag revised = BAG.revised(1);
            bags.send(revised.records(bags.events).subList(0, 3));
            bags.send(bags.events.manifest(revised.manifest().setCovariates(AGE).build()));
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        }
    }

    @Test
    void aContradictingLabelIsADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.send(bags.events.label(BAG.label(1, 0).build()));
            BagEvent other = bags.events.label(BAG.label(2, 0).build());
            bags.send(other);
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
            assertPlace(bags.side(Bags.DEAD_LETTERS).get(0), other);
        }
    }

    @Test
    void aPosteriorThatCannotBeReadIsADeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            BagEvent garbage = bags.events.event(Topic.POSTERIOR, EventKind.POSTERIOR, "k", new byte[] {1, 2, 3});
            bags.broadcast(garbage);
            assertThat(bags.tokens(garbage)).isEmpty();
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(1);
            assertPlace(bags.side(Bags.DEAD_LETTERS).get(0), garbage);
            sendBag(bags);
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);
        }
    }

    private static List<Bad> largeRecords() {
        String large = "x".repeat(2 << 20);
        return List.of(
                new Bad(
                        "garbage",
                        "expected a CellChunk in Avro single-object encoding",
                        events -> events.event(
                                Topic.CELLS, EventKind.CELLS, BAG.patient(), large.getBytes(StandardCharsets.UTF_8))),
                new Bad(
                        "cell ids",
                        "expected 2, got 1",
                        events -> events.chunk(
                                BAG.chunk(0).setCellIds(List.of(large)).build())),
                new Bad(
                        "ids",
                        "expected at most 1000 characters each, got 2097152 of the sample",
                        events ->
                                events.label(BAG.label(1, 0).setSampleId(large).build())),
                new Bad(
                        "study",
                        "study of sample 's1'",
                        events -> events.chunk(BAG.chunk(0).setStudy(large).build())),
                new Bad(
                        "key",
                        "expected its patient 'patient of s1', got 'xxxx",
                        events -> events.event(
                                Topic.CELLS,
                                EventKind.CELLS,
                                large,
                                Events.encode(
                                        BAG.chunk(0)
                                                .setCellIds(List.of(large, ""))
                                                .build(),
                                        CellChunk.class))));
    }

    @ParameterizedTest
    @MethodSource("largeRecords")
    void aLargeBadRecordIsASmallDeadLetter(Bad bad) throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            BagEvent record = bad.damage.record(bags.events);
            bags.send(record);
            DeadLetter letter = bags.side(Bags.DEAD_LETTERS).get(0);
            assertThat(letter.getCause()).contains(bad.cause, "left out here: the record of 2097");
            assertThat(letter.getRecord()).isNull();
            assertThat(letter.getOffset()).isEqualTo(record.getOffset());
            assertThat(Events.encode(letter, DeadLetter.class)).hasSizeLessThan(20_000);
        }
    }

    @Test
    void aLargePosteriorThatCannotBeReadIsASmallDeadLetter() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(CONFIG)) {
            bags.broadcast(bags.events.event(Topic.POSTERIOR, EventKind.POSTERIOR, "k", new byte[3 << 20]));
            DeadLetter letter = bags.side(Bags.DEAD_LETTERS).get(0);
            assertThat(letter.getCause()).contains("left out here: the record of 3145728 bytes, more than 1048576");
            assertThat(Events.encode(letter, DeadLetter.class)).hasSizeLessThan(20_000);
        }
    }

    private static void sendBag(BagsHarness bags) throws Exception {
        bags.send(BAG.records(bags.events).subList(0, 3));
        bags.send(bags.events.manifest(BAG.manifest().setCovariates(AGE).build()));
    }

    private static void assertPlace(DeadLetter letter, BagEvent record) {
        assertThat(letter.getTopic()).isEqualTo(record.getTopic());
        assertThat(letter.getPartition()).isEqualTo(Events.PARTITION);
        assertThat(letter.getOffset()).isEqualTo(record.getOffset());
        assertThat(letter.getKey()).isEqualTo(record.getKey());
    }
}
