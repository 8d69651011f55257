package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.model.PosteriorSnapshot;
import io.gmil.schema.ControlKind;
import io.gmil.stream.state.BagEvent;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.mult.VectorVectorMult_DDRM;
import org.junit.jupiter.api.Test;

/**
 * How far the posterior is from one that never saw the erased patient. With its numbers printed:
 *
 * <pre>
 * mvn -pl jobs/stream -am test -Dtest=ErasureDivergenceTest -Dsurefire.failIfNoSpecifiedTests=false -Dgmil.erasure.table=true
 * </pre>
 */
class ErasureDivergenceTest {

    private static final JobConfig CONFIG = Events.config(Map.of("shards", "8"));
    private static final JobConfig OTHER_DRAWS = Events.config(Map.of("shards", "4"));
    private static final int BAGS = 100;

    /** Of the patient who is erased: as many labels as no other has, all of them against the rule of the others. */
    private static final int OWN_BAGS = 4;

    /** Two fits with draws of their own are hundredths of a nat apart. */
    private static final double NOISE = 0.15;

    @Test
    void everyRefreshBringsThePosteriorNearerToOneThatNeverSawThePatient() throws Exception {
        try (LearningLoop never = loop(CONFIG);
                LearningLoop neverEither = loop(OTHER_DRAWS);
                LearningLoop erased = loop(CONFIG)) {
            for (int i = 0; i < OWN_BAGS; i++) {
                TestBag bag = new TestBag("leaving-" + i, "leaving", 0, 3);
                erased.bags.send(bag.records(erased.bags.events));
                erased.bags.send(
                        erased.bags.events.label(bag.label(2 - value(bag), 0).build()));
            }
            never.settle();
            neverEither.settle();
            erased.settle();
            double before = divergence(erased, never);

            erased.bags.command(erased.bags.events.command(
                    Events.command("e1", ControlKind.ERASE_PATIENT).setPatientId("leaving")));
            erased.turn();
            assertThat(erased.newest.getLabelledBags()).isEqualTo(BAGS);
            double none = divergence(erased, never);
            erased.settle();
            double one = divergence(erased, never);
            refreshAll(erased, "r1");
            double two = divergence(erased, never);
            double floor = divergence(neverEither, never);
            if (Boolean.getBoolean("gmil.erasure.table")) {
                System.out.printf(
                        "KL in nats: %.4f before, %.4f in the first version after the erasure, %.4f when it rests, "
                                + "%.4f after another refresh, "
                                + "%.4f between two that never saw the patient%n",
                        before, none, one, two, floor);
            }
            assertThat(none).isLessThan(before);
            assertThat(one).isLessThan(Math.max(NOISE, floor));
            assertThat(two).isLessThan(Math.max(NOISE, floor));
        }
    }

    private static LearningLoop loop(JobConfig config) throws Exception {
        LearningLoop loop = LearningLoop.start(config, 1);
        for (int i = 0; i < BAGS; i++) {
            TestBag bag = TestBag.of("s" + i);
            loop.bags.send(bag.records(loop.bags.events));
            loop.bags.send(loop.bags.events.label(bag.label(value(bag), 0).build()));
        }
        return loop;
    }

    /** By the mean of the first feature. */
    private static int value(TestBag bag) {
        double sum = 0;
        for (int chunk = 0; chunk < bag.chunks(); chunk++) {
            float[] values = bag.values(chunk);
            for (int i = 0; i < values.length; i += Events.WIDTH) {
                sum += values[i];
            }
        }
        return sum > 0.7 ? 2 : sum < -0.7 ? 0 : 1;
    }

    /** As by {@code gmil control refresh}, until the posterior rests. */
    private static void refreshAll(LearningLoop loop, String command) throws Exception {
        BagEvent refresh = loop.bags.events.command(Events.command(command, ControlKind.REFRESH_ALL));
        loop.bags.command(refresh);
        loop.turn();
        loop.settle();
    }

    /** KL(q of one ‖ q of the other) in nats. */
    private static double divergence(LearningLoop one, LearningLoop other) {
        PosteriorSnapshot p = PosteriorCodec.snapshot(one.newest, CONFIG);
        PosteriorSnapshot q = PosteriorCodec.snapshot(other.newest, CONFIG);
        int d = p.mean().length;
        DMatrixRMaj ofP = covariance(p);
        DMatrixRMaj ofQ = covariance(q);
        DMatrixRMaj inverse = new DMatrixRMaj(d, d);
        assertThat(CommonOps_DDRM.invert(ofQ, inverse)).isTrue();
        DMatrixRMaj product = CommonOps_DDRM.mult(inverse, ofP, null);
        DMatrixRMaj difference = new DMatrixRMaj(d, 1);
        CommonOps_DDRM.subtract(DMatrixRMaj.wrap(d, 1, q.mean()), DMatrixRMaj.wrap(d, 1, p.mean()), difference);
        return 0.5
                * (CommonOps_DDRM.trace(product)
                        + VectorVectorMult_DDRM.innerProdA(difference, inverse, difference)
                        - d
                        - Math.log(CommonOps_DDRM.det(product)));
    }

    /** By polarisation of its quadratic form. */
    private static DMatrixRMaj covariance(PosteriorSnapshot of) {
        int d = of.mean().length;
        DMatrixRMaj covariance = new DMatrixRMaj(d, d);
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                double[] sum = new double[d];
                sum[i] += 1;
                sum[j] += 1;
                double[] difference = new double[d];
                difference[i] += 1;
                difference[j] -= 1;
                covariance.set(i, j, (of.variance(sum) - of.variance(difference)) / 4);
            }
        }
        return covariance;
    }
}
