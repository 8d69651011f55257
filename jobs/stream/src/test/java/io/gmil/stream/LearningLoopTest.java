package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.schema.Phase;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import io.gmil.stream.bags.Bags;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.SiteChanges;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearningLoopTest {

    private static final JobConfig CONFIG =
            Events.config(Map.of("refresh.fraction", "0.33", "least.visits", "2", "staleness", "0.1"));
    private static final int BAGS = 24;

    @Test
    void itLearnsUntilItRests() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            label(loop, 56);
            loop.settle();

            assertThat(loop.newest.getSettled()).isTrue();
            assertThat(loop.newest.getPhase()).isEqualTo(Phase.SAMPLED);
            assertThat(loop.newest.getLabelledBags()).isEqualTo(56);
            assertThat(loop.newest.getStaleSites()).isZero();
            assertThat(loop.ledger.samples()).hasSize(56);
            loop.assertSumOfSitesEqualsState();
            long version = loop.newest.getVersion();
            loop.turn(10);
            assertThat(loop.newest.getVersion()).isEqualTo(version);
            assertThat(loop.openTimers()).as("to be published again").isEqualTo(1);
        }
    }

    /** Newton steps at sites of which some are from before the last ones would swing ever farther. */
    @Test
    void fewBagsComeToRestToo() throws Exception {
        for (int bags : new int[] {1, 3, 6, 12}) {
            try (LearningLoop loop = LearningLoop.start(CONFIG, 2)) {
                label(loop, bags);
                loop.settle();
                assertThat(loop.newest.getSettled()).as("%d bags", bags).isTrue();
                double[] mean = Bytes.doubles(loop.newest.getMean());
                assertThat(Arrays.stream(mean).map(Math::abs).max().orElseThrow())
                        .as("%d bags", bags)
                        .isLessThan(10);
                loop.assertSumOfSitesEqualsState();
            }
        }
    }

    /** It wakes every shard by its token, but there is nothing that the shards could answer. */
    @Test
    void aPosteriorThatIsRefusedIsNotWaitedForForEver() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            label(loop, BAGS);
            loop.turn();
            loop.bags.advanceTime(1000);
            assertThat(loop.bags.timers()).isZero();
            loop.bags.publish(new PosteriorMessage(Posterior.newBuilder(loop.newest)
                    .setVersion(1000)
                    .setMean(Bytes.of(new double[2]))
                    .build()));
            assertThat(loop.bags.side(Bags.DEAD_LETTERS)).hasSize(1);
            for (int i = 0; i < 100; i++) {
                loop.bags.advanceTime(30);
            }
            assertThat(loop.bags.timers()).isZero();
            loop.settle();
            assertThat(loop.newest.getSettled()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "3, 2"})
    void aRestoreKeepsEverythingAtAnyParallelism(int before, int after) throws Exception {
        TestBag half = TestBag.of("half");
        LearningLoop.Checkpoint checkpoint;
        try (LearningLoop loop = LearningLoop.start(CONFIG, before)) {
            label(loop, BAGS);
            loop.bags.send(half.records(loop.bags.events).subList(0, 2));
            loop.bags.send(loop.bags.events.label(half.label(1, 0).build()));
            loop.turn(5);
            checkpoint = loop.checkpoint(before);
        }
        try (LearningLoop loop = LearningLoop.restore(CONFIG, checkpoint, after)) {
            loop.assertSumOfSitesEqualsState();
            label(loop, BAGS);
            loop.bags.send(half.records(loop.bags.events).subList(2, 4));
            assertThat(loop.bags.predictions(PredictionKind.ARRIVAL))
                    .extracting(Prediction::getSampleId)
                    .containsExactly("half");
            loop.turn(5);
            loop.assertSumOfSitesEqualsState();
            assertThat(loop.ledger.samples()).hasSize(BAGS + 1);

            for (int i = 0; i < BAGS; i++) {
                TestBag bag = TestBag.of("s" + i);
                loop.bags.send(loop.bags.events.label(
                        bag.label(0, 1).setRetracted(true).build()));
            }
            loop.turn(1);
            loop.assertSumOfSitesEqualsState();
            assertThat(loop.ledger.samples()).containsExactly("half");
            assertThat(loop.newest.getLabelledBags()).isEqualTo(1);
            assertThat(loop.bags.side(Bags.DEAD_LETTERS)).isEmpty();
        }
    }

    @Test
    void bagsThatWaitForTheScalerSurviveARestore() throws Exception {
        OperatorSubtaskState state;
        try (BagsHarness bags = BagsHarness.start(CONFIG)) {
            for (int i = 0; i < 6; i++) {
                bags.send(TestBag.of("s" + i).records(bags.events));
            }
            state = bags.snapshot();
        }
        try (BagsHarness bags = BagsHarness.restore(CONFIG, state, 1, 2)) {
            bags.publish(Events.scaler(CONFIG));
            assertThat(bags.predictions(PredictionKind.ARRIVAL))
                    .extracting(Prediction::getSampleId)
                    .containsExactlyInAnyOrder("s0", "s1", "s2", "s3", "s4", "s5");
        }
    }

    @Test
    void predictionsAfterARestoreComeFromTheNewestPosterior() throws Exception {
        LearningLoop.Checkpoint checkpoint;
        long version;
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            label(loop, BAGS);
            loop.turn(4);
            checkpoint = loop.checkpoint(1);
            version = loop.newest.getVersion();
        }
        try (BagsHarness bags = BagsHarness.restore(CONFIG, checkpoint.bags(), 1, 2)) {
            bags.send(TestBag.of("new").records(bags.events));
            Prediction arrival = bags.predictions(PredictionKind.ARRIVAL).get(0);
            assertThat(arrival.getPosteriorVersion()).isEqualTo(version).isPositive();
            assertThat(arrival.getLabelledBags()).isEqualTo(BAGS);
        }
    }

    @Test
    void everyShardAnswersAVersionOnceAndAnOldOneNever() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            label(loop, BAGS);
            loop.turn();
            List<SiteChanges> answers = loop.bags.drain(Bags.CHANGES);
            assertThat(answers).allMatch(SiteChanges::getAnswer);
            assertThat(answers)
                    .extracting(answer -> answer.getShard() + "@" + answer.getVersion())
                    .doesNotHaveDuplicates();
            assertThat(answers)
                    .filteredOn(answer -> answer.getVersion() == loop.newest.getVersion())
                    .hasSize(CONFIG.shards());

            loop.bags.publish(new PosteriorMessage(loop.newest));
            loop.bags.publish(new PosteriorMessage(Posterior.newBuilder(loop.newest)
                    .setVersion(loop.newest.getVersion() - 1)
                    .build()));
            assertThat(loop.bags.side(Bags.CHANGES)).isEmpty();
        }
    }

    @Test
    void aTokenThatComesBeforeItsPosteriorIsAnsweredAfterIt() throws Exception {
        try (LearningLoop loop = LearningLoop.start(CONFIG, 1)) {
            label(loop, BAGS);
            loop.turn();
            loop.bags.drain(Bags.CHANGES);
            BagEvent next = loop.bags.events.posterior(new PosteriorMessage(Posterior.newBuilder(loop.newest)
                    .setVersion(loop.newest.getVersion() + 1)
                    .build()));
            loop.bags.send(loop.bags.tokens(next));
            loop.bags.advanceTime(100);
            assertThat(loop.bags.side(Bags.CHANGES)).isEmpty();

            loop.bags.broadcast(next);
            loop.bags.advanceTime(100);
            assertThat(loop.bags.side(Bags.CHANGES)).hasSize(CONFIG.shards());
        }
    }

    private static void label(LearningLoop loop, int bags) throws Exception {
        for (int i = 0; i < bags; i++) {
            TestBag bag = TestBag.of("s" + i);
            loop.bags.send(bag.records(loop.bags.events));
            loop.bags.send(loop.bags.events.label(bag.label(i % 3, 0).build()));
        }
    }
}
