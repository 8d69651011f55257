package io.gmil.stream.learn;

import static io.gmil.stream.learn.PosteriorLearner.PACE_MILLIS;
import static io.gmil.stream.learn.PosteriorLearner.PATIENCE_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.kafka.KafkaConfig;
import io.gmil.model.ModelSpec;
import io.gmil.model.Phase;
import io.gmil.model.Posterior;
import io.gmil.model.PosteriorBase;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.stream.JobConfig;
import io.gmil.stream.PosteriorCodec;
import io.gmil.stream.Sites;
import io.gmil.stream.state.LearnerState;
import io.gmil.stream.state.SiteChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PosteriorLearnerTest {

    private static final JobConfig CONFIG = JobConfig.of(
            Map.of("outcomes", "Y:binomial:2", "shards", "4", KafkaConfig.BOOTSTRAP_SERVERS, "localhost:1"));
    private static final ModelSpec SPEC = PosteriorCodec.spec(2, FakeShards.WIDTH, CONFIG);
    private static final Offset<Double> ROUNDING = within(1e-9);
    private static final long GENERATION = 1000;

    private final FakeShards shards = new FakeShards(CONFIG.shards(), CONFIG.staleness());
    private PosteriorLearner learner = new PosteriorLearner(CONFIG, new Posterior(SPEC), PosteriorBase.none(), blank());
    private long now = 1_000_000;

    @BeforeEach
    void begin() {
        learner.begin(GENERATION);
    }

    @Test
    void sumOfSitesEqualsState() {
        Random random = new Random(4);
        for (int i = 0; i < 600; i++) {
            PosteriorSnapshot at = learner.snapshot();
            int shard = random.nextInt(shards.count());
            List<String> samples = shards.samples(shard);
            String some = samples.isEmpty() ? "s" + i : samples.get(random.nextInt(samples.size()));
            switch (random.nextInt(5)) {
                case 0, 1 -> learner.accept(shards.add(shard, "s" + i, 0, at));
                case 2 -> learner.accept(shards.add(shard, some, i, at));
                case 3 -> learner.accept(shards.answer(shard, at));
                default -> {
                    if (!samples.isEmpty()) {
                        learner.accept(shards.remove(shard, some, at));
                    }
                }
            }
            if (random.nextInt(3) == 0) {
                step();
            }
        }
        assertThat(shards.sites()).hasSizeGreaterThan(50);
        assertSumOfSitesEqualsState();
    }

    /** The next step from the sums must be that from sums made anew of the sites that are left. */
    private void assertSumOfSitesEqualsState() {
        byte[] bytes = learner.posterior().toBytes();
        Posterior summed = Posterior.fromBytes(bytes, SPEC);
        Posterior rebuilt = Posterior.fromBytes(bytes, SPEC);
        rebuilt.rebuild(shards.sites());

        assertThat(summed.labelledBags()).isEqualTo(rebuilt.labelledBags());
        assertThat(summed.step().moved()).isCloseTo(rebuilt.step().moved(), ROUNDING);
        assertThat(summed.snapshot(0, 0).mean())
                .containsExactly(rebuilt.snapshot(0, 0).mean(), ROUNDING);
        assertThat(summed.snapshot(0, 0).draws(1))
                .containsExactly(rebuilt.snapshot(0, 0).draws(1), ROUNDING);
    }

    @Test
    void phasesAdvanceInOrderAndThenItRests() {
        label(60);
        List<Phase> phases = new ArrayList<>();
        for (int round = 0; round < 500 && !learner.state().getSettled(); round++) {
            Phase phase = learner.posterior().phase();
            if (phases.isEmpty() || phases.get(phases.size() - 1) != phase) {
                phases.add(phase);
            }
            step();
            answerAll();
        }
        assertThat(phases).containsExactly(Phase.MEAN_POOLING, Phase.LINEARISED, Phase.SAMPLED);
        settle();
        assertThat(learner.state().getSettled()).isTrue();
        assertThat(learner.staleSites()).isZero();
        assertThat(learner.state().getResidual()).isLessThan(CONFIG.restTolerance());
        assertSumOfSitesEqualsState();
    }

    @Test
    void fewLabelledBagsStayAtMeanPooling() {
        label(49);
        settle();
        assertThat(learner.posterior().phase()).isEqualTo(Phase.MEAN_POOLING);
        assertThat(learner.state().getSettled()).isTrue();
    }

    @Test
    void atRestItIsSilentUntilALabelComes() {
        label(10);
        settle();
        long version = learner.state().getVersion();
        assertThat(learner.dueIn(now + 3_600_000)).isNegative();
        for (int shard = 0; shard < shards.count(); shard++) {
            learner.accept(shards.emptyAnswer(shard, learner.snapshot()));
        }
        assertThat(learner.dueIn(now)).isNegative();

        learner.accept(shards.add(0, "new", 0, learner.snapshot()));
        assertThat(learner.dueIn(now + PATIENCE_MILLIS)).isZero();
        step();
        assertThat(learner.state().getVersion()).isEqualTo(version + 1);
        assertThat(learner.state().getSettled()).isFalse();
    }

    @Test
    void aStaleSiteKeepsItFromRest() {
        label(8);
        for (int round = 0; round < 100; round++) {
            step();
            for (int shard = 1; shard < shards.count(); shard++) {
                learner.accept(shards.answer(shard, learner.snapshot()));
            }
        }
        assertThat(learner.state().getResidual()).isLessThan(CONFIG.restTolerance());
        assertThat(learner.state().getSettled()).isFalse();
        settle();
        assertThat(learner.state().getSettled()).isTrue();
    }

    @Test
    void versionsStrictlyIncreaseAndNameTheirPredecessor() {
        label(5);
        for (long version = 1; version < 20; version++) {
            step();
            assertThat(learner.state().getVersion()).isEqualTo(version);
            assertThat(learner.state().getPreviousVersion()).isEqualTo(version - 1);
            assertThat(learner.state().getPreviousGeneration()).isEqualTo(version == 1 ? 0 : GENERATION);
            assertThat(learner.snapshot().generation()).isEqualTo(GENERATION);
        }
    }

    @Test
    void aStepWaitsForAWholeRoundAndKeepsThePace() {
        label(40);
        step();
        for (int shard = 0; shard < shards.count(); shard++) {
            assertThat(learner.dueIn(now + 1)).isEqualTo(PATIENCE_MILLIS - 1);
            learner.accept(shards.emptyAnswer(shard, learner.snapshot()));
        }
        assertThat(learner.dueIn(now + 1)).isEqualTo(PACE_MILLIS - 1);
        assertThat(learner.dueIn(now + PACE_MILLIS)).isZero();
    }

    @Test
    void enoughChangesMakeAStepWithoutAWholeRound() {
        label(80);
        step();
        int batch = (int) (80 * CONFIG.refreshFraction() / 2);
        for (int i = 0; i < batch; i++) {
            assertThat(learner.dueIn(now)).isEqualTo(PATIENCE_MILLIS);
            learner.accept(shards.add(0, "late" + i, 0, learner.snapshot()));
        }
        assertThat(learner.dueIn(now)).isEqualTo(PACE_MILLIS);
    }

    @Test
    void fewBagsWaitForAWholeRound() {
        label(Sites.SMALL_COHORT / 2);
        step();
        for (int i = 0; i < Sites.SMALL_COHORT / 2; i++) {
            learner.accept(shards.add(0, "late" + i, 0, learner.snapshot()));
            assertThat(learner.dueIn(now)).isEqualTo(PATIENCE_MILLIS);
        }
    }

    @Test
    void anAnswerToAnOlderVersionDoesNotCompleteTheRound() {
        label(40);
        step();
        PosteriorSnapshot older = learner.snapshot();
        step();
        for (int shard = 0; shard < shards.count(); shard++) {
            learner.accept(shards.emptyAnswer(shard, older));
        }
        assertThat(learner.dueIn(now)).isEqualTo(PATIENCE_MILLIS);
    }

    @Test
    void aRoundThatNobodyAnswersGoesOnAfterAWhile() {
        label(30);
        step();
        long version = learner.state().getVersion();
        assertThat(learner.dueIn(now + PATIENCE_MILLIS - 1)).isEqualTo(1);
        assertThat(learner.dueIn(now + PATIENCE_MILLIS)).isZero();
        now += PATIENCE_MILLIS;
        step();
        assertThat(learner.state().getVersion()).isEqualTo(version + 1);
    }

    @Test
    void aRestoredLearnerGoesOnInANewGenerationAndAsksAgain() {
        label(12);
        settle();
        long version = learner.state().getVersion();
        byte[] sums = learner.posterior().toBytes();
        LearnerState state = LearnerState.newBuilder(learner.state()).build();

        learner = new PosteriorLearner(CONFIG, Posterior.fromBytes(sums, SPEC), PosteriorBase.none(), state);
        learner.begin(GENERATION + 5);
        assertThat(learner.dueIn(now)).isZero();
        step();
        assertThat(learner.snapshot().generation()).isEqualTo(GENERATION + 5);
        assertThat(learner.snapshot().version()).isEqualTo(version + 1);
        assertThat(learner.state().getPreviousGeneration()).isEqualTo(GENERATION);
        assertThat(learner.state().getPreviousVersion()).isEqualTo(version);
        assertSumOfSitesEqualsState();

        learner.accept(shards.add(1, "after", 0, learner.snapshot()));
        settle();
        assertThat(learner.state().getSettled()).isTrue();
        assertSumOfSitesEqualsState();
    }

    @Test
    void theAuditTellsNewFromRefreshed() {
        learner.accept(shards.add(0, "a", 0, learner.snapshot()));
        learner.accept(shards.add(0, "b", 0, learner.snapshot()));
        learner.accept(shards.add(0, "a", 0, learner.snapshot()));
        learner.accept(shards.add(0, "b", 1, learner.snapshot()));
        learner.accept(shards.remove(0, "a", learner.snapshot()));

        assertThat(learner.state().getAuditAdded()).containsExactly("a\t0\t0", "b\t0\t0", "b\t0\t1");
        assertThat(learner.state().getAuditRemoved()).containsExactly("b\t0\t0", "a\t0\t0");
        assertThat(learner.state().getAuditRefreshed()).isEqualTo(1);
    }

    @Test
    void aStepThatJumpsIsRefusedAndTheMeanBeforeStays() {
        label(8);
        step();
        PosteriorSnapshot before = learner.snapshot();
        learner.accept(shards.addFar(0, "far", before));
        now += PACE_MILLIS;
        assertThat(learner.step(now).refused()).isTrue();
        assertThat(learner.sumsSince())
                .as("it asks for the sites, in case the sums are wrong")
                .isEqualTo(before.version() + 1);
        assertThat(learner.snapshot().version()).isEqualTo(before.version() + 1);
        assertThat(learner.snapshot().mean()).isEqualTo(before.mean());
        now += PACE_MILLIS;
        assertThat(learner.step(now).refused()).isTrue();
        assertThat(learner.snapshot().version()).isEqualTo(before.version() + 1);
        now += PosteriorLearner.ASK_AGAIN_MILLIS;
        assertThat(learner.step(now).refused()).isTrue();
        assertThat(learner.snapshot().version()).as("it asks again").isEqualTo(before.version() + 2);
        assertThat(learner.sumsSince()).isEqualTo(before.version() + 1);
        assertThat(learner.dueIn(now)).as("another try, a while later").isPositive();

        for (int shard = 0; shard < shards.count(); shard++) {
            learner.accept(shards.answer(shard, learner.snapshot()));
        }
        now += PACE_MILLIS;
        assertThat(learner.step(now).refused()).isTrue();
        now += PosteriorLearner.PATIENCE_MILLIS;
        assertThat(learner.dueIn(now)).as("not at once: nothing has come").isGreaterThan(5000);

        learner.accept(shards.remove(0, "far", before));
        step();
        assertThat(learner.snapshot().version()).isGreaterThan(before.version());
        assertSumOfSitesEqualsState();
    }

    /** Such a version has the mean of the one before, of which the patient was part. */
    @Test
    void aVersionOfARefusedStepIsNotTheFirstWithoutAnErasedPatient() {
        label(8);
        step();
        PosteriorSnapshot before = learner.snapshot();
        learner.accept(shards.addFar(0, "far", before));
        SiteChanges erased = shards.remove(0, "bag0", before);
        erased.getChanges().get(0).setErasure("e1");
        learner.accept(erased);
        now += PACE_MILLIS;
        assertThat(learner.step(now).refused()).isTrue();
        assertThat(learner.snapshot().version()).isEqualTo(before.version() + 1);
        assertThat(learner.state().getErasedSince().getVersion()).isEqualTo(before.version() + 2);
        assertThat(learner.state().getRefreshSince().getVersion()).isEqualTo(before.version() + 2);

        learner.accept(shards.remove(0, "far", before));
        step();
        assertThat(learner.state().getErasedSince().getVersion())
                .isEqualTo(learner.snapshot().version());
    }

    private void label(int bags) {
        for (int i = 0; i < bags; i++) {
            learner.accept(shards.add(i % shards.count(), "bag" + i, 0, learner.snapshot()));
        }
    }

    private void step() {
        now += PACE_MILLIS;
        assertThat(learner.step(now).refused()).isFalse();
    }

    private void answerAll() {
        PosteriorSnapshot at = learner.snapshot();
        for (int shard = 0; shard < shards.count(); shard++) {
            learner.accept(shards.answer(shard, at));
        }
    }

    private void settle() {
        for (int round = 0; round < 500 && !learner.state().getSettled(); round++) {
            answerAll();
            step();
        }
    }

    static LearnerState blank() {
        return LearnerState.newBuilder()
                .setModel(FakeShards.MODEL)
                .setGeneration(0)
                .setVersion(0)
                .setPending(0)
                .setRefreshed(0)
                .setResidual(Double.MAX_VALUE)
                .setSettled(false)
                .setAuditAdded(new ArrayList<>())
                .setAuditRemoved(new ArrayList<>())
                .setAuditAlreadyLearnt(new ArrayList<>())
                .setShards(new ArrayList<>())
                .build();
    }
}
