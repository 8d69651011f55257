package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.kafka.Chunks;
import io.gmil.schema.AttendedCell;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.CellChunk;
import io.gmil.schema.CellTypeAttention;
import io.gmil.schema.CellTypes;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Bags that are too large, and too many of them. */
class BagsLimitTest {

    private static final long START = 1_700_000_000_000L;
    private static final int CHUNKS = 50;
    private static final int CELLS = CHUNKS * TestBag.CELLS_PER_CHUNK;
    private static final int MOST = 30;
    private static final JobConfig LIMITED = Events.config(
            Map.of("bag.max-cells", Integer.toString(MOST), "attention.top-k", "1000", "bag.incomplete", "predict"));
    private static final TestBag BAG = new TestBag("s1", "p1", 0, CHUNKS);

    /** Cells named by their position, of type even or odd. */
    private static List<BagEvent> annotated(TestBag bag, Events events) {
        List<BagEvent> records = new ArrayList<>();
        for (int i = 0; i < bag.chunks(); i++) {
            CellChunk.Builder chunk = bag.chunk(i);
            ByteBuffer codes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            codes.putShort((short) 0).putShort((short) 1).flip();
            records.add(events.chunk(chunk.setCellIds(List.of("cell-" + 2 * i, "cell-" + (2 * i + 1)))
                    .setCellTypes(new CellTypes(List.of("even", "odd"), codes))
                    .build()));
        }
        records.add(events.manifest(bag.manifest().build()));
        return records;
    }

    private static List<Integer> indexes(AttentionSummary attention) {
        return attention.getTop().stream()
                .map(AttendedCell::getCellIndex)
                .sorted()
                .toList();
    }

    @Test
    void aLargeBagIsPredictedFromExactlySoManyOfItsCells() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(LIMITED)) {
            bags.send(annotated(BAG, bags.events));

            Prediction arrival = bags.predictions(PredictionKind.ARRIVAL).get(0);
            assertThat(arrival.getCells()).isEqualTo(CELLS);
            assertThat(arrival.getUsedCells()).isEqualTo(MOST);
            AttentionSummary attention = bags.side(Bags.ATTENTION).get(0);
            assertThat(attention.getCells()).isEqualTo(CELLS);
            assertThat(indexes(attention)).hasSize(MOST).doesNotHaveDuplicates();
            assertThat(Collections.max(indexes(attention)))
                    .isGreaterThan(2 * MOST)
                    .isLessThan(CELLS);
            assertThat(attention.getTop())
                    .allSatisfy(cell -> assertThat(cell.getCellId()).isEqualTo("cell-" + cell.getCellIndex()));
            for (CellTypeAttention type : attention.getByCellType()) {
                int rest = type.getCellType().equals("odd") ? 1 : 0;
                assertThat(type.getCells()).isEqualTo((int) indexes(attention).stream()
                        .filter(index -> index % 2 == rest)
                        .count());
            }
        }
    }

    /** The prediction is that of a bag of the drawn cells alone, before and after the others are dropped. */
    @Test
    void theDrawnCellsAreThoseThatCount() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(LIMITED);
                BagsHarness other = BagsHarness.startWithScaler(LIMITED)) {
            bags.send(annotated(BAG, bags.events));
            AttentionSummary attention = bags.side(Bags.ATTENTION).get(0);
            List<CellChunk> chunks = new ArrayList<>();
            int width = Events.WIDTH;
            TestBag few = new TestBag("s2", "p1", 0, MOST);
            for (int index : indexes(attention)) {
                float[] row = new float[width];
                System.arraycopy(BAG.values(index / 2), index % 2 * width, row, 0, width);
                chunks.add(few.chunk(chunks.size(), row, width).build());
            }
            int[] checksums = chunks.stream().mapToInt(CellChunk::getChecksum).toArray();
            for (CellChunk chunk : chunks) {
                other.send(other.events.chunk(chunk));
            }
            other.send(other.events.manifest(few.manifest()
                    .setCells(MOST)
                    .setChecksum(Chunks.manifestChecksum(checksums))
                    .build()));
            Prediction expected = other.predictions(PredictionKind.ARRIVAL).get(0);
            bags.command(bags.events.scoreAll("end", 0));

            assertThat(expected.getUsedCells()).isNull();
            for (PredictionKind kind : List.of(PredictionKind.ARRIVAL, PredictionKind.FINAL)) {
                Prediction prediction = bags.predictions(kind).get(0);
                assertThat(prediction.getEtaSd()).isEqualTo(expected.getEtaSd());
                assertThat(prediction.getEtaMean()).isEqualTo(expected.getEtaMean());
                assertThat(prediction.getUsedCells()).isEqualTo(MOST);
            }
            assertThat(bags.side(Bags.ATTENTION).get(1).getTop()).isEqualTo(attention.getTop());
        }
    }

    @Test
    void theSameCellsWhateverTheOrderAndTheParallelism() throws Exception {
        List<AttendedCell> expected;
        OperatorSubtaskState state;
        try (BagsHarness bags = BagsHarness.startWithScaler(LIMITED)) {
            bags.send(annotated(BAG, bags.events));
            expected = bags.side(Bags.ATTENTION).get(0).getTop();
            state = bags.snapshot();
        }
        try (BagsHarness shuffled = BagsHarness.startWithScaler(LIMITED)) {
            List<BagEvent> records = annotated(BAG, shuffled.events);
            Collections.shuffle(records, new Random(3));
            shuffled.send(records);
            assertThat(shuffled.side(Bags.ATTENTION).get(0).getTop()).isEqualTo(expected);
        }
        try (BagsHarness restored = BagsHarness.restore(LIMITED, state, 1, 3)) {
            restored.command(restored.events.scoreAll("end", 0));
            assertThat(restored.side(Bags.ATTENTION).get(0).getTop()).isEqualTo(expected);
        }
    }

    @Test
    void theOtherCellsLeaveTheStateAndTheBagIsLearnt() throws Exception {
        try (LearningLoop loop = LearningLoop.start(LIMITED, 1)) {
            for (int i = 0; i < 6; i++) {
                TestBag bag = new TestBag("s" + i, "p" + i, 0, CHUNKS);
                loop.bags.send(annotated(bag, loop.bags.events));
                loop.bags.send(loop.bags.events.label(bag.label(i % 3, 0).build()));
            }
            loop.turn();
            loop.assertSumOfSitesEqualsState();
            assertThat(loop.ledger.samples()).hasSize(6);
            List<Integer> used = indexes(loop.bags.side(Bags.ATTENTION).get(0));
            String saved = ErasureTest.text(loop.bags.savepoint());
            for (int cell = 0; cell < CELLS; cell++) {
                ByteBuffer row = ByteBuffer.allocate(4 * Events.WIDTH).order(ByteOrder.LITTLE_ENDIAN);
                float[] values = new TestBag("s0", "p0", 0, CHUNKS).values(cell / 2);
                row.asFloatBuffer().put(values, cell % 2 * Events.WIDTH, Events.WIDTH);
                assertThat(saved.contains(new String(row.array(), StandardCharsets.ISO_8859_1)))
                        .as("cell %d", cell)
                        .isEqualTo(used.contains(cell));
            }
        }
    }

    @Test
    void aPartOfALargeBagIsPredictedFromSoManyCellsToo() throws Exception {
        try (BagsHarness bags = BagsHarness.startWithScaler(LIMITED)) {
            bags.advanceTime(START);
            List<BagEvent> records = annotated(BAG, bags.events.at(START));
            bags.send(records.subList(1, 21));
            bags.send(records.get(CHUNKS));
            bags.watermark(START + Duration.ofHours(2).toMillis());
            Prediction partial = bags.predictions(PredictionKind.ARRIVAL).get(0);
            assertThat(partial.getCells()).isEqualTo(40);
            assertThat(partial.getUsedCells()).isEqualTo(MOST);
            assertThat(bags.side(Bags.ATTENTION).get(0).getTop())
                    .hasSize(MOST)
                    .allSatisfy(cell -> assertThat(cell.getCellId()).isEqualTo("cell-" + (cell.getCellIndex() + 2)));

            bags.send(records);
            Prediction complete = bags.predictions(PredictionKind.REVISED).get(0);
            assertThat(complete.getCells()).isEqualTo(CELLS);
            assertThat(complete.getUsedCells()).isEqualTo(MOST);
        }
    }

    @Test
    void aBagOverTheLimitOfBytesIsOneDeadLetter() throws Exception {
        int perChunk = TestBag.CELLS_PER_CHUNK * Events.WIDTH * Float.BYTES;
        JobConfig config = Events.config(Map.of("bag.max-bytes", Integer.toString(3 * perChunk)));
        TestBag large = new TestBag("s1", "p1", 0, 6);
        try (BagsHarness bags = BagsHarness.startWithScaler(config)) {
            bags.send(new TestBag("s2", "p2", 0, 3).records(bags.events));
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(1);

            bags.send(large.records(bags.events));
            bags.send(large.records(bags.events));
            assertThat(bags.side(Bags.DEAD_LETTERS))
                    .extracting(DeadLetter::getCause)
                    .containsExactly(
                            "sample 's1' revision 0 (gmil.cells-5@108): expected an embedding of at most 72 bytes,"
                                    + " got 96 so far");
            bags.send(large.revised(1).records(bags.events).subList(6, 7));
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(2);
            assertThat(bags.side(Bags.DEAD_LETTERS).get(1).getCause()).contains("revision 1", "got 144 so far");

            bags.send(new TestBag("s1", "p1", 2, 3).records(bags.events));
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(2);
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(2);
        }
    }

    @Test
    void theOldestOfTooManyOpenBagsIsRejected() throws Exception {
        JobConfig config = Events.config(Map.of("bags.max-open", "3", "bag.incomplete", "predict"));
        try (BagsHarness bags = BagsHarness.startWithScaler(config)) {
            bags.advanceTime(START);
            for (int i = 0; i < 5; i++) {
                TestBag bag = new TestBag("s" + i, "p1", 0, 3);
                // The second one is the oldest.
                bags.events.at(i == 1 ? START - 1000 : START - 500 + i);
                bags.send(bag.records(bags.events).subList(0, 1));
            }
            assertThat(bags.side(Bags.DEAD_LETTERS))
                    .extracting(DeadLetter::getSampleId)
                    .containsExactly("s1", "s0");
            assertThat(bags.side(Bags.DEAD_LETTERS).get(0).getCause())
                    .contains("expected at most 3 incomplete bags in shard", "missing: the manifest");
            bags.send(new TestBag("s4", "p1", 0, 3).records(bags.events));
            bags.send(new TestBag("s5", "p1", 0, 3).records(bags.events));
            assertThat(bags.predictions(PredictionKind.ARRIVAL)).hasSize(2);
            assertThat(bags.side(Bags.DEAD_LETTERS)).hasSize(2);
        }
    }
}
