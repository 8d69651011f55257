package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.kafka.Chunks;
import io.gmil.schema.CellChunk;
import io.gmil.schema.SampleManifest;
import io.gmil.stream.bags.Assembly.Outcome;
import io.gmil.stream.bags.Assembly.Verdict;
import io.gmil.stream.state.Bag;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssemblyTest {

    private static final int WIDTH = 2;
    private static final List<CellChunk> CHUNKS = List.of(chunk(0, 3), chunk(1, 1), chunk(2, 4));

    @Test
    void recordsInAnyOrderAndTwiceMakeTheSameBag() {
        Bag expected = assemble(inOrder());
        for (int seed = 0; seed < 200; seed++) {
            List<Object> records = new ArrayList<>(inOrder());
            records.addAll(inOrder());
            Collections.shuffle(records, new Random(seed));

            assertThat(assemble(records)).as("order of seed %d", seed).isEqualTo(expected);
        }
    }

    private static List<Object> inOrder() {
        List<Object> records = new ArrayList<>(CHUNKS);
        records.add(manifest().build());
        return records;
    }

    /** Feeds the records and checks that each counts once and that the bag is gathered with the last new one. */
    private static Bag assemble(List<Object> records) {
        Bag bag = start(records.get(0));
        int accepted = 0;
        for (Object record : records) {
            assertThat(Assembly.gathered(bag)).isEqualTo(accepted == CHUNKS.size() + 1);
            Outcome outcome = accept(bag, record).outcome();
            assertThat(outcome).isIn(Outcome.ACCEPTED, Outcome.DUPLICATE);
            accepted += outcome == Outcome.ACCEPTED ? 1 : 0;
        }
        assertThat(accepted).isEqualTo(CHUNKS.size() + 1);
        assertThat(Assembly.gathered(bag)).isTrue();
        assertThat(Assembly.contradiction(bag)).isNull();
        assertThat(bag.getChunkCells()).containsExactly(3, 1, 4);
        return bag;
    }

    @Test
    void aManifestWithoutAllItsChunksIsNotGathered() {
        Bag bag = Assembly.start(CHUNKS.get(0));
        accept(bag, CHUNKS.get(0));
        accept(bag, CHUNKS.get(2));
        assertThat(Assembly.gathered(bag)).isFalse();
        accept(bag, manifest().build());
        assertThat(Assembly.gathered(bag)).isFalse();
        accept(bag, CHUNKS.get(1));
        assertThat(Assembly.gathered(bag)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"patient", "embedding", "version", "width"})
    void aRecordOfAnotherKindIsRejectedWithWhatWasExpectedAndGot(String field) {
        Bag bag = Assembly.start(CHUNKS.get(0));
        accept(bag, CHUNKS.get(0));
        Bag before = Bag.newBuilder(bag).build();
        CellChunk.Builder chunk = CellChunk.newBuilder(CHUNKS.get(1));
        SampleManifest.Builder manifest = manifest();
        switch (field) {
            case "patient" -> {
                chunk.setPatientId("other");
                manifest.setPatientId("other");
            }
            case "embedding" -> {
                chunk.setEmbedding("other");
                manifest.setEmbedding("other");
            }
            case "version" -> {
                chunk.setEmbeddingVersion("other");
                manifest.setEmbeddingVersion("other");
            }
            default -> {
                chunk.setWidth(48);
                manifest.setWidth(48);
            }
        }
        String got = field.equals("width") ? "got 48" : "other";

        assertRejected(accept(bag, chunk.build()), "'s1'", "expected", got);
        assertRejected(accept(bag, manifest.build()), "'s1'", "expected", got);
        assertThat(bag).isEqualTo(before);
    }

    @Test
    void anotherContentOfTheSameChunkIsRejected() {
        Bag bag = Assembly.start(CHUNKS.get(0));
        accept(bag, CHUNKS.get(0));

        assertRejected(accept(bag, chunk(0, 2)), "chunk 0", "the 3 cells", "got 2 cells");
        CellChunk otherBytes =
                CellChunk.newBuilder(CHUNKS.get(0)).setChecksum(0x1234).build();
        assertRejected(accept(bag, otherBytes), "chunk 0", "got 3 cells with checksum 00001234");
        assertThat(accept(bag, CHUNKS.get(0))).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void anotherContentOfTheManifestIsRejected() {
        Bag bag = Assembly.start(manifest().build());
        accept(bag, manifest().build());

        assertRejected(accept(bag, manifest().setCells(9).build()), "expected 8 cells", "got 9 cells");
        assertRejected(accept(bag, manifest().setChecksum(7).build()), "got 8 cells with checksum 00000007");
        assertThat(accept(bag, manifest().build())).isEqualTo(Verdict.DUPLICATE);
    }

    @Test
    void moreChunksThanTheManifestSaysAreRejectedWhicheverComesFirst() {
        Bag manifestFirst = Assembly.start(manifest().build());
        accept(manifestFirst, manifest().build());
        assertRejected(accept(manifestFirst, chunk(3, 1)), "chunk 3", "expected 0 to 2");

        Bag chunkFirst = Assembly.start(chunk(3, 1));
        accept(chunkFirst, chunk(3, 1));
        assertRejected(accept(chunkFirst, manifest().build()), "at least 4 chunks", "got 3");
        assertThat(chunkFirst.getManifest()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1 << 16, Integer.MAX_VALUE})
    void aDamagedChunkIndexDoesNotMakeTheBookkeepingHuge(int index) {
        Bag bag = Assembly.start(CHUNKS.get(0));
        CellChunk damaged =
                CellChunk.newBuilder(CHUNKS.get(0)).setChunkIndex(index).build();

        assertRejected(accept(bag, damaged), "chunk " + index, "expected 0 to 65535");
        assertThat(bag.getChunkCells()).isEmpty();
    }

    @Test
    void aManifestWithoutCellsOrWithMoreChunksThanCellsIsRejected() {
        Bag bag = Assembly.start(manifest().build());
        assertRejected(accept(bag, manifest().setCells(0).setChunks(0).build()), "got 0 cells in 0 chunks");
        assertRejected(accept(bag, manifest().setChunks(0).build()), "got 8 cells in 0 chunks");
        assertRejected(accept(bag, manifest().setChunks(9).build()), "got 8 cells in 9 chunks");
        assertThat(bag.getManifest()).isFalse();
    }

    @Test
    void aGatheredBagThatContradictsItsManifestSaysHow() {
        Bag counts = assembleUnchecked(manifest().setCells(9).build());
        assertThat(Assembly.contradiction(counts)).contains("'s1'", "expected 9 cells", "got 8 cells");

        Bag checksum = assembleUnchecked(manifest().setChecksum(7).build());
        assertThat(Assembly.contradiction(checksum)).contains("checksum 00000007 as its manifest says");
    }

    private static Bag assembleUnchecked(SampleManifest manifest) {
        Bag bag = Assembly.start(manifest);
        accept(bag, manifest);
        CHUNKS.forEach(chunk -> accept(bag, chunk));
        assertThat(Assembly.gathered(bag)).isTrue();
        return bag;
    }

    @Test
    void recordsOfALowerRevisionAreSuperseded() {
        CellChunk newer = CellChunk.newBuilder(CHUNKS.get(0)).setRevision(2).build();
        Bag bag = Assembly.start(newer);
        assertThat(bag.getRevision()).isEqualTo(2);
        accept(bag, newer);

        assertThat(accept(bag, CHUNKS.get(1))).isEqualTo(Verdict.SUPERSEDED);
        assertThat(accept(bag, manifest().setRevision(1).build())).isEqualTo(Verdict.SUPERSEDED);
        assertThat(bag.getChunkCells()).containsExactly(3);
    }

    private static Bag start(Object record) {
        return record instanceof CellChunk chunk ? Assembly.start(chunk) : Assembly.start((SampleManifest) record);
    }

    private static Verdict accept(Bag bag, Object record) {
        return record instanceof CellChunk chunk
                ? Assembly.accept(bag, chunk)
                : Assembly.accept(bag, (SampleManifest) record);
    }

    private static void assertRejected(Verdict verdict, String... parts) {
        assertThat(verdict.outcome()).isEqualTo(Outcome.REJECTED);
        assertThat(verdict.cause()).contains(parts);
    }

    private static CellChunk chunk(int index, int cells) {
        return Chunks.pack(
                CellChunk.newBuilder()
                        .setStudy("study")
                        .setSampleId("s1")
                        .setPatientId("p1")
                        .setEmbedding("pca")
                        .setChunkIndex(index),
                FloatBuffer.allocate(cells * WIDTH).put(0, index),
                WIDTH);
    }

    private static SampleManifest.Builder manifest() {
        return SampleManifest.newBuilder()
                .setStudy("study")
                .setSampleId("s1")
                .setPatientId("p1")
                .setEmbedding("pca")
                .setWidth(WIDTH)
                .setCells(8)
                .setChunks(3)
                .setChecksum(Chunks.manifestChecksum(
                        CHUNKS.stream().mapToInt(CellChunk::getChecksum).toArray()))
                .setCovariates(Map.of())
                .setProducedAt(Instant.EPOCH);
    }
}
