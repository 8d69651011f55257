package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.kafka.Chunks;
import io.gmil.schema.ControlKind;
import io.gmil.stream.state.BagEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Sums that rounding has spoilt are made anew from the sites in state. */
class NewSumsTest {

    private static final JobConfig CONFIG =
            Events.config(Map.of("refresh.fraction", "0.33", "least.visits", "2", "staleness", "0.1"));
    private static final int BAGS = 20;

    /** Finite, and so far from everything that the sums keep nothing of the others. */
    private static final float FAR = 0x1p50f;

    private static final TestBag FAR_BAG = TestBag.of("far");

    @Test
    void aBagOfAbsurdValuesLeavesNothingBehind() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 2)) {
            label(loop);
            loop.settle();
            loop.bags.send(far(loop.bags.events));
            loop.bags.send(loop.bags.events.label(FAR_BAG.label(2, 0).build()));
            loop.turn(20);
            assertThat(loop.ledger.samples()).contains("far");

            loop.bags.send(loop.bags.events.label(
                    FAR_BAG.label(0, 1).setRetracted(true).build()));
            loop.turn(3);
            assertThat(loop.ledger.samples()).hasSize(BAGS);
            loop.assertSumOfSitesEqualsState();
            loop.settle();
            assertThat(loop.newest.getSettled()).isTrue();
            assertThat(loop.newest.getLabelledBags()).isEqualTo(BAGS);
            assertThat(loop.newest.getSumsSince()).isNegative();
        }
    }

    @Test
    void aRefreshOfAllAsksForEverySiteAndChangesMeanwhileCountOnce() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 2)) {
            label(loop);
            loop.settle();
            refreshAll(loop);
            loop.turn();
            assertThat(loop.newest.getSumsSince()).isEqualTo(loop.newest.getVersion());
            // Some shards have answered when these come.
            loop.bags.send(loop.bags.events.label(
                    TestBag.of("s3").label(0, 1).setRetracted(true).build()));
            loop.bags.send(loop.bags.events.label(TestBag.of("s4").label(2, 1).build()));
            loop.turn(2);
            assertThat(loop.newest.getSumsSince()).isNegative();
            loop.settle();
            assertThat(loop.newest.getLabelledBags()).isEqualTo(BAGS - 1);
            loop.assertSumOfSitesEqualsState();
        }
    }

    @Test
    void afterARestoreTheyAreAskedForOnceMore() throws Exception {
        LearningLoop.Checkpoint checkpoint;
        long generation;
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            label(loop);
            loop.settle();
            refreshAll(loop);
            loop.turn();
            assertThat(loop.newest.getSumsSince()).isNotNegative();
            generation = loop.newest.getGeneration();
            checkpoint = loop.checkpoint(1);
        }
        try (LearningLoop loop = LearningLoop.restore(CONFIG, checkpoint, 2)) {
            loop.settle();
            assertThat(loop.newest.getGeneration()).isGreaterThan(generation);
            assertThat(loop.newest.getSumsSince()).isNegative();
            assertThat(loop.newest.getSettled()).isTrue();
            loop.assertSumOfSitesEqualsState();
        }
    }

    private static void label(LearningLoop loop) throws Exception {
        for (int i = 0; i < BAGS; i++) {
            TestBag bag = TestBag.of("s" + i);
            loop.bags.send(bag.records(loop.bags.events));
            loop.bags.send(loop.bags.events.label(bag.label(i % 3, 0).build()));
        }
    }

    private static void refreshAll(LearningLoop loop) throws Exception {
        loop.bags.command(loop.bags.events.command(Events.command("r1", ControlKind.REFRESH_ALL)));
    }

    private static List<BagEvent> far(Events events) {
        List<BagEvent> records = new ArrayList<>();
        int[] checksums = new int[FAR_BAG.chunks()];
        for (int chunk = 0; chunk < checksums.length; chunk++) {
            float[] values = FAR_BAG.values(chunk);
            for (int i = 0; i < values.length; i++) {
                values[i] *= FAR;
            }
            var record = FAR_BAG.chunk(chunk, values, Events.WIDTH).build();
            checksums[chunk] = record.getChecksum();
            records.add(events.chunk(record));
        }
        records.add(events.manifest(FAR_BAG.manifest()
                .setChecksum(Chunks.manifestChecksum(checksums))
                .build()));
        return records;
    }
}
