package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BagMeanReferenceTest {

    private static final int WIDTH = 30;

    private final Random random = new Random(3);

    /** Scales of the features, over three orders of magnitude. */
    private final double[] sd = new double[WIDTH];

    BagMeanReferenceTest() {
        for (int q = 0; q < WIDTH; q++) {
            sd[q] = Math.pow(10, 3 * q / (double) WIDTH - 2);
        }
    }

    /** Features correlate, each with the one before it. */
    private double[] bagMean(double correlation, double shift) {
        double[] x = new double[WIDTH];
        double z = random.nextGaussian();
        for (int q = 0; q < WIDTH; q++) {
            z = correlation * z + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
            x[q] = sd[q] * (5 + z + shift);
        }
        return x;
    }

    private BagMeanMoments moments(double correlation, int bags) {
        BagMeanMoments moments = new BagMeanMoments(WIDTH);
        for (int i = 0; i < bags; i++) {
            moments.add(bagMean(correlation, 0));
        }
        return moments;
    }

    /** One in a thousand is meant; the average over references that were estimated from few bags may be some times that. */
    @ParameterizedTest
    @CsvSource({"0, 50", "0, 400", "0.5, 50", "0.5, 100", "0.9, 50", "0.9, 400"})
    void falseAlarmsAreRareWhateverIsKnownOfTheCovariance(double correlation, int bags) {
        int alarms = 0;
        double shift = 0;
        int references = 20;
        int tried = 500;
        for (int i = 0; i < references; i++) {
            BagMeanReference reference = moments(correlation, bags).reference().orElseThrow();
            for (int k = 0; k < tried; k++) {
                double value = reference.shift(bagMean(correlation, 0));
                alarms += value > reference.limit() ? 1 : 0;
                shift += value;
            }
        }
        assertThat(alarms / (double) (references * tried)).isBetween(0.0001, 0.005);
        assertThat(shift / (references * tried)).isBetween(0.8, 1.1);
    }

    @Test
    void aShiftedBatchIsFoundWithFewerBagsThanFeaturesAndManyMore() {
        for (int bags : new int[] {50, 500}) {
            BagMeanReference reference = moments(0.3, bags).reference().orElseThrow();
            for (int k = 0; k < 50; k++) {
                assertThat(reference.shift(bagMean(0.3, 3))).isGreaterThan(reference.limit());
            }
        }
    }

    @Test
    void fewerBagsThanFeaturesAreEnoughForAWideEmbedding() {
        BagMeanMoments moments = new BagMeanMoments(200);
        for (int i = 0; i < 60; i++) {
            moments.add(random.doubles(200, -1, 1).toArray());
        }
        BagMeanReference reference = moments.reference().orElseThrow();
        assertThat(reference.shift(random.doubles(200, -1, 1).toArray())).isBetween(0.7, 1.3);
        assertThat(reference.shift(random.doubles(200, 0, 2).toArray())).isGreaterThan(reference.limit());
    }

    @Test
    void nothingIsSaidBeforeFiftyBagsOrWhereAllAreAlike() {
        assertThat(moments(0, BagMeanMoments.LEAST_BAGS - 1).reference()).isEmpty();
        BagMeanMoments alike = new BagMeanMoments(2);
        for (int i = 0; i < 100; i++) {
            alike.add(new double[] {1, 2});
        }
        assertThat(alike.reference()).isEmpty();
    }

    @Test
    void aFeatureThatNeverVariedIsNoticedWhenItDoes() {
        BagMeanMoments moments = new BagMeanMoments(3);
        for (int i = 0; i < 100; i++) {
            moments.add(new double[] {random.nextGaussian(), random.nextGaussian(), 7});
        }
        BagMeanReference reference = moments.reference().orElseThrow();
        assertThat(reference.shift(new double[] {0.5, -0.5, 7})).isLessThan(reference.limit());
        assertThat(reference.shift(new double[] {0.5, -0.5, 7.1})).isGreaterThan(reference.limit());
    }

    @Test
    void whatIsRemovedLeavesNothing() {
        BagMeanMoments moments = moments(0.5, 80);
        BagMeanReference before = moments.reference().orElseThrow();
        double[] outlier = bagMean(0.5, 9);
        moments.add(outlier);
        moments.remove(outlier);
        double[] probe = bagMean(0.5, 1);
        assertThat(moments.bags()).isEqualTo(80);
        assertThat(moments.reference().orElseThrow().shift(probe)).isCloseTo(before.shift(probe), within(1e-4));
        BagMeanMoments single = new BagMeanMoments(1);
        single.add(new double[] {4});
        single.remove(new double[] {4});
        assertThat(single.toBytes()).isEqualTo(new BagMeanMoments(1).toBytes());
    }

    @Test
    void bytesRestoreEverything() {
        BagMeanMoments moments = moments(0.5, 60);
        BagMeanMoments restored = BagMeanMoments.fromBytes(moments.toBytes());
        double[] next = bagMean(0.5, 0);
        moments.add(next);
        restored.add(next);
        assertThat(restored.toBytes()).isEqualTo(moments.toBytes());
        byte[] other = moments.toBytes();
        other[0] = 9;
        assertThatThrownBy(() -> BagMeanMoments.fromBytes(other))
                .hasMessage("moments of bag means: expected format 1, got 9");
    }

    @Test
    void averagedCellsGiveTheScaledMeanOfTheLastVisit() {
        float[] values = {1, 10, 3, 30, 5, 80};
        FeatureScaler scaler = new FeatureScaler(new double[] {1, 20}, new double[] {2, 10});
        AveragedCells cells = new AveragedCells(Cells.of(values, 3, 2));
        assertThatThrownBy(() -> cells.mean(scaler)).hasMessage("mean of cells: expected a visit before");
        cells.forEachBlock((block, rows) -> {});
        cells.forEachBlock((block, rows) -> {});
        assertThat(cells.mean(scaler))
                .containsExactly(new double[] {1 / Math.sqrt(2), 2 / Math.sqrt(2)}, within(1e-12));
    }
}
