package io.gmil.stream.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.gmil.kafka.KafkaConfig;
import io.gmil.model.ModelSpec;
import io.gmil.model.Phase;
import io.gmil.model.Posterior;
import io.gmil.model.PosteriorBase;
import io.gmil.model.Site;
import io.gmil.stream.JobConfig;
import io.gmil.stream.PosteriorCodec;
import io.gmil.stream.state.LearnerState;
import io.gmil.stream.state.SiteChange;
import io.gmil.stream.state.SiteChanges;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A learner that began with bags whose sites nobody holds. */
class PosteriorLearnerBaseTest {

    private static final JobConfig CONFIG = JobConfig.of(
            Map.of("outcomes", "Y:binomial:2", "shards", "4", KafkaConfig.BOOTSTRAP_SERVERS, "localhost:1"));
    private static final ModelSpec SPEC = PosteriorCodec.spec(2, FakeShards.WIDTH, CONFIG);
    private static final int BAGS = 70;

    private final byte[] saved = saved(Phase.SAMPLED);
    private final FakeShards shards = new FakeShards(CONFIG.shards(), CONFIG.staleness());
    private PosteriorLearner learner = learner(saved, saved, PosteriorLearnerTest.blank(), 1000);
    private long now = 1_000_000;

    private static byte[] saved(Phase phase) {
        Posterior posterior = new Posterior(SPEC);
        Random random = new Random(3);
        for (int i = 0; i < BAGS; i++) {
            double[] row = random.doubles(SPEC.dimension(), -1, 1).toArray();
            posterior.added(
                    new Site(1, row, random.doubles(SPEC.dimension(), -1, 1).toArray()));
        }
        posterior.phase(phase);
        for (int i = 0; i < 20; i++) {
            posterior.step();
        }
        return posterior.toBytes();
    }

    private static PosteriorLearner learner(byte[] base, byte[] sums, LearnerState state, long generation) {
        PosteriorLearner learner = new PosteriorLearner(
                CONFIG, Posterior.fromBytes(sums, SPEC), PosteriorBase.of(Posterior.fromBytes(base, SPEC)), state);
        learner.begin(generation);
        return learner;
    }

    @Test
    void whatItBeganWithRestsUntilSomethingComes() {
        assertThat(learner.dueIn(now)).isNegative();
        assertThat(learner.posterior().labelledBags()).isEqualTo(BAGS);

        SiteChange known = new SiteChange("known", 0, 2, null, null, null);
        learner.accept(new SiteChanges(
                FakeShards.MODEL,
                0,
                0L,
                0L,
                false,
                false,
                false,
                null,
                null,
                0,
                0,
                Double.POSITIVE_INFINITY,
                List.of(known)));
        assertThat(learner.dueIn(now)).isNegative();
        assertThat(learner.posterior().toBytes()).isEqualTo(saved);
        assertThat(learner.state().getAuditAlreadyLearnt()).containsExactly("known\t0\t2");

        learner.accept(shards.add(0, "new", 0, learner.snapshot()));
        assertThat(learner.dueIn(now)).isZero();
    }

    @Test
    void baseAndSitesAreTheSums() {
        label(30);
        for (int round = 0; round < 5; round++) {
            step();
            answerAll();
        }
        learner.accept(shards.remove(1, "bag1", learner.snapshot()));

        assertThat(learner.posterior().labelledBags()).isEqualTo(BAGS + 29);
        assertBaseAndSitesAreTheSums();
    }

    @Test
    void withTheLastSiteOnlyTheBaseIsLeft() {
        label(7);
        step();
        answerAll();
        for (int i = 0; i < 7; i++) {
            learner.accept(shards.remove(i % shards.count(), "bag" + i, learner.snapshot()));
        }

        assertThat(sums(learner.posterior().toBytes())).isEqualTo(sums(saved));
        assertThat(learner.posterior().labelledBags()).isEqualTo(BAGS);
        settle();
        assertThat(learner.state().getSettled()).isTrue();
    }

    @Test
    void aRestoredLearnerHasTheBase() {
        label(12);
        settle();
        byte[] stored = learner.posterior().toBytes();
        learner =
                learner(saved, stored, LearnerState.newBuilder(learner.state()).build(), 2000);
        learner.accept(shards.add(2, "after", 0, learner.snapshot()));
        settle();

        assertThat(learner.state().getSettled()).isTrue();
        assertThat(learner.posterior().labelledBags()).isEqualTo(BAGS + 13);
        assertBaseAndSitesAreTheSums();
    }

    @Test
    void itStaysInItsPhase() {
        label(5);
        settle();

        assertThat(learner.posterior().phase()).isEqualTo(Phase.SAMPLED);
        assertThat(learner.state().getSettled()).isTrue();
        assertThat(learner.staleSites()).isZero();
    }

    @Test
    void aLinearisedOneIsRefinedAfterTwoVisitsOfTheBagsThatHaveSites() {
        byte[] linearised = saved(Phase.LINEARISED);
        learner = learner(linearised, linearised, PosteriorLearnerTest.blank(), 1000);
        label(6);
        int rounds = 0;
        while (learner.posterior().phase() == Phase.LINEARISED && rounds < 200) {
            step();
            answerAll();
            rounds++;
        }
        assertThat(rounds).isLessThan(200);
        assertThat(learner.posterior().labelledBags()).isEqualTo(BAGS + 6);
        assertBaseAndSitesAreTheSums();
    }

    private void assertBaseAndSitesAreTheSums() {
        byte[] bytes = learner.posterior().toBytes();
        Posterior rebuilt = Posterior.fromBytes(bytes, SPEC);
        PosteriorBase.of(Posterior.fromBytes(saved, SPEC)).rebuild(rebuilt, shards.sites());

        assertThat(rebuilt.labelledBags()).isEqualTo(learner.posterior().labelledBags());
        assertThat(sums(bytes)).containsExactly(sums(rebuilt.toBytes()), within(1e-9));
    }

    /** Σ h and Σ H of a stored posterior, see its format. */
    private static double[] sums(byte[] stored) {
        int d = SPEC.dimension();
        int header = 8 * Integer.BYTES + Long.BYTES + 6 * Double.BYTES;
        double[] sums = new double[d + d * (d + 1) / 2];
        ByteBuffer.wrap(stored)
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(header + d * Double.BYTES)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asDoubleBuffer()
                .get(sums);
        return sums;
    }

    private void label(int bags) {
        for (int i = 0; i < bags; i++) {
            learner.accept(shards.add(i % shards.count(), "bag" + i, 0, learner.snapshot()));
        }
    }

    private void step() {
        now += PosteriorLearner.PACE_MILLIS;
        assertThat(learner.step(now).refused()).isFalse();
    }

    private void answerAll() {
        for (int shard = 0; shard < shards.count(); shard++) {
            learner.accept(shards.answer(shard, learner.snapshot()));
        }
    }

    private void settle() {
        for (int round = 0; round < 500 && !learner.state().getSettled(); round++) {
            answerAll();
            step();
        }
    }
}
