package io.gmil.cli.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.cli.ListedCohort;
import io.gmil.cli.publish.Publisher.Limits;
import io.gmil.kafka.Chunks;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

class PublisherTest {

    private static final StudyNames NAMES = new StudyNames("demo", "Y", "X", "1");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.ofEpochSecond(1));
    private static final int SAMPLES = 120;

    private final ListedOutlet outlet = new ListedOutlet();

    private static ListedCohort cohort(int runLength) {
        ListedCohort cohort = new ListedCohort(4, runLength, false);
        for (int i = 0; i < SAMPLES; i++) {
            boolean training = i % 4 != 0;
            OptionalDouble label = i % 10 == 0 ? OptionalDouble.empty() : OptionalDouble.of(i % 2);
            cohort.add("s" + i, 1 + i % 40, label, training, i);
        }
        return cohort;
    }

    private Publisher publish(ListedCohort cohort, Limits limits, long seed) throws IOException {
        Publisher publisher = new Publisher(cohort, NAMES, outlet, CLOCK, limits, seed);
        publisher.run(Optional.of(scaler()));
        return publisher;
    }

    private static Control scaler() {
        return Control.newBuilder()
                .setCommandId("c")
                .setKind(ControlKind.SET_SCALER)
                .setStudy("demo")
                .setIssuedAt(CLOCK.instant())
                .build();
    }

    @Test
    void everyCellIsCoveredOnceByTheDistinctChunks() throws IOException {
        for (int runLength : new int[] {1000, 3}) {
            outlet.records.clear();
            ListedCohort cohort = cohort(runLength);
            Publisher publisher = publish(cohort, Limits.DEFAULT, 7);

            Map<String, Map<Integer, CellChunk>> chunks = distinctChunks();
            for (int i = 0; i < SAMPLES; i++) {
                assertSampleIsWhole(cohort, i, chunks.get("s" + i));
            }
            long cells = cohort.samples().stream()
                    .mapToLong(sample -> sample.cells())
                    .sum();
            assertThat(publisher.cellsSent()).isEqualTo(cells);
            assertThat(outlet.flushed).isTrue();
        }
    }

    private Map<String, Map<Integer, CellChunk>> distinctChunks() {
        Map<String, Map<Integer, CellChunk>> chunks = new HashMap<>();
        for (CellChunk chunk : outlet.of(CellChunk.class)) {
            assertThat(Chunks.verify(chunk)).isEmpty();
            CellChunk before = chunks.computeIfAbsent(chunk.getSampleId(), key -> new TreeMap<>())
                    .put(chunk.getChunkIndex(), chunk);
            if (before != null) {
                assertThat(chunk).isEqualTo(before);
            }
        }
        return chunks;
    }

    private void assertSampleIsWhole(ListedCohort cohort, int sample, Map<Integer, CellChunk> chunks) {
        FloatBuffer floats = FloatBuffer.allocate(cohort.values(sample).length);
        List<String> ids = new ArrayList<>();
        List<String> types = new ArrayList<>();
        for (CellChunk chunk : chunks.values()) {
            floats.put(
                    chunk.getValues().duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
            ids.addAll(chunk.getCellIds());
            var codes = chunk.getCellTypes().getCodes().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            while (codes.hasRemaining()) {
                short code = codes.getShort();
                types.add(code < 0 ? null : chunk.getCellTypes().getNames().get(code));
            }
        }
        assertThat(floats.array()).isEqualTo(cohort.values(sample));
        for (int cell = 0; cell < ids.size(); cell++) {
            assertThat(ids.get(cell)).isEqualTo(ListedCohort.cellId(sample, cell));
            assertThat(types.get(cell)).isEqualTo(ListedCohort.cellType(cell));
        }
        assertThat(chunks.keySet()).containsExactlyElementsOf(indices(chunks.size()));
    }

    private static List<Integer> indices(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void manifestsCountAndSumTheChunks() throws IOException {
        publish(cohort(1000), Limits.DEFAULT, 7);

        Map<String, Map<Integer, CellChunk>> chunks = distinctChunks();
        List<SampleManifest> manifests = outlet.of(SampleManifest.class);
        assertThat(manifests).hasSize(SAMPLES);
        for (SampleManifest manifest : manifests) {
            var own = chunks.get(manifest.getSampleId()).values();
            int[] checksums = own.stream().mapToInt(CellChunk::getChecksum).toArray();
            assertThat(manifest.getChunks()).isEqualTo(own.size());
            assertThat(manifest.getChecksum()).isEqualTo(Chunks.manifestChecksum(checksums));
            assertThat(manifest.getCells())
                    .isEqualTo(own.stream().mapToInt(CellChunk::getCells).sum());
            assertThat(manifest.getPatientId()).isEqualTo("patient-" + manifest.getSampleId());
            assertThat(manifest.getCovariates())
                    .containsEntry("age", Double.valueOf(manifest.getSampleId().substring(1)));
        }
    }

    @Test
    void chunksAreShuffledRepeatedAndInterleaved() throws IOException {
        publish(cohort(1000), Limits.DEFAULT, 7);

        List<CellChunk> chunks = outlet.of(CellChunk.class);
        long distinct = distinctChunks().values().stream().mapToLong(Map::size).sum();
        assertThat(chunks.size() - distinct).isBetween(distinct / 100, distinct / 15);
        long descents = 0;
        long switches = 0;
        for (int i = 1; i < chunks.size(); i++) {
            boolean same = chunks.get(i).getSampleId().equals(chunks.get(i - 1).getSampleId());
            switches += same ? 0 : 1;
            descents +=
                    same && chunks.get(i).getChunkIndex() < chunks.get(i - 1).getChunkIndex() ? 1 : 0;
        }
        assertThat(switches).isGreaterThan(distinct / 2);
        assertThat(descents).isPositive();
    }

    @Test
    void manifestsComeBeforeBetweenAndAfterTheChunks() throws IOException {
        publish(cohort(1000), Limits.DEFAULT, 7);

        int before = 0;
        int between = 0;
        int after = 0;
        for (int i = 0; i < SAMPLES; i++) {
            int manifest = outlet.position(SampleManifest.class, "s" + i, false);
            int first = outlet.position(CellChunk.class, "s" + i, false);
            int last = outlet.position(CellChunk.class, "s" + i, true);
            before += manifest < first ? 1 : 0;
            between += manifest > first && manifest < last ? 1 : 0;
            after += manifest > last ? 1 : 0;
        }
        assertThat(List.of(before, between, after)).allMatch(count -> count > SAMPLES / 20);
    }

    @Test
    void labelsOfTrainingSamplesComeOnceHalfOfThemAfterTheCells() throws IOException {
        ListedCohort cohort = cohort(1000);
        publish(cohort, Limits.DEFAULT, 7);

        List<String> expected = cohort.samples().stream()
                .filter(sample -> sample.training() && sample.label().isPresent())
                .map(sample -> sample.id())
                .toList();
        assertThat(outlet.of(Label.class).stream().map(Label::getSampleId))
                .containsExactlyInAnyOrderElementsOf(expected);
        long first = expected.stream()
                .filter(id -> outlet.position(Label.class, id, false) < outlet.position(CellChunk.class, id, false))
                .count();
        long last = expected.stream()
                .filter(id -> outlet.position(Label.class, id, false) > outlet.position(CellChunk.class, id, true))
                .count();
        assertThat(first + last).isEqualTo(expected.size());
        assertThat(first).isBetween(expected.size() / 3L, expected.size() * 2L / 3);
    }

    @Test
    void theScalerGoesFirst() throws IOException {
        publish(cohort(1000), Limits.DEFAULT, 7);

        assertThat(outlet.records.get(0)).isEqualTo(scaler());
    }

    @Test
    void theSameSeedPublishesTheSame() throws IOException {
        publish(cohort(1000), Limits.DEFAULT, 7);
        List<SpecificRecord> once = List.copyOf(outlet.records);
        outlet.records.clear();
        publish(cohort(1000), Limits.DEFAULT, 7);

        assertThat(outlet.records).isEqualTo(once);
    }

    @Test
    void whatIsHeldStaysBounded() throws IOException {
        Limits limits = new Limits(1000, 40_000, 20_000);
        ListedCohort cohort = new ListedCohort(16, 2, false);
        for (int i = 0; i < 100; i++) {
            cohort.add("s" + i, 200, OptionalDouble.of(i % 2), true);
        }
        Publisher[] publisher = new Publisher[1];
        long[] most = new long[1];
        Outlet watching = new ListedOutlet() {
            @Override
            void sees(SpecificRecord record) {
                if (publisher[0] != null) {
                    most[0] = Math.max(most[0], publisher[0].heldBytes());
                }
            }
        };
        publisher[0] = new Publisher(cohort, NAMES, watching, CLOCK, limits, 1);
        publisher[0].run(Optional.of(scaler()));

        int largestParcel = 200 * (16 * Float.BYTES + 64) + 256;
        assertThat(most[0]).isLessThan(limits.windowBytes() + limits.openBytes() + largestParcel);
        assertThat(most[0]).isGreaterThan(limits.windowBytes() / 2);
    }

    @Test
    void aRecordStaysBelowHalfAMegabyte() throws IOException {
        ListedCohort cohort = new ListedCohort(300, 5000, false).add("large", 5000, OptionalDouble.of(1), true);
        publish(cohort, Limits.DEFAULT, 1);

        assertThat(outlet.of(CellChunk.class)).hasSizeGreaterThan(10).allSatisfy(chunk -> {
            int ids =
                    chunk.getCellIds().stream().mapToInt(id -> id.length() + 2).sum();
            assertThat(chunk.getValues().remaining() + ids).isLessThanOrEqualTo(512_000);
        });
    }
}
