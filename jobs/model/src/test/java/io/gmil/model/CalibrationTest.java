package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    /** Two groups fix the line through their observed logits: (logit .75 − logit .25) / (logit .9 − logit .1) = ½. */
    @Test
    void twoGroupsGiveTheRatioOfTheirLogits() {
        double[] p = {0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.1, 0.1};
        double[] y = {1, 1, 1, 0, 1, 0, 0, 0};
        double[] ones = {1, 1, 1, 1, 1, 1, 1, 1};
        assertThat(Calibration.slope(p, y, ones)).isCloseTo(Math.log(3) / Math.log(9), within(1e-8));
        assertThat(Calibration.slope(new double[] {0.9, 0.1}, new double[] {3, 1}, new double[] {4, 4}))
                .isCloseTo(Math.log(3) / Math.log(9), within(1e-8));
    }

    @Test
    void calibratedProbabilitiesHaveSlopeOne() {
        double[] p = {0.2, 0.5, 0.75};
        double[] n = {20, 20, 20};
        assertThat(Calibration.slope(p, new double[] {4, 10, 15}, n)).isCloseTo(1, within(1e-8));
    }

    @Test
    void thereIsNoSlopeWhereNothingFixesIt() {
        double[] ones = {1, 1, 1, 1};
        assertThat(Calibration.slope(new double[] {.1, .2, .8, .9}, new double[] {0, 0, 1, 1}, ones))
                .isNaN();
        assertThat(Calibration.slope(new double[] {.5, .5, .5, .5}, new double[] {0, 1, 0, 1}, ones))
                .isNaN();
        assertThat(Calibration.slope(new double[] {.1, .2, .8, .9}, new double[] {1, 1, 1, 1}, ones))
                .isNaN();
    }

    private static double slope(double[] logits, double[] y, double[] n) {
        double[] p = DoubleStream.of(logits).map(l -> 1 / (1 + Math.exp(-l))).toArray();
        return Calibration.slope(p, y, n);
    }

    /** Against Newton's method in numpy. */
    @Test
    void slopesOfUnevenCohorts() {
        double[] twos = {2, 2, 2, 2, 2};
        assertThat(slope(new double[] {-3, -1, 0, 2, 5}, new double[] {1, 1, 0, 2, 2}, twos))
                .isCloseTo(0.46561757603840437, within(1e-8));
        assertThat(slope(new double[] {-20, 1, 1.5, 2}, new double[] {0, 20, 1, 30}, new double[] {1, 50, 2, 40}))
                .isCloseTo(1.4999336035959983, within(1e-8));
        assertThat(slope(new double[] {25, 1, 2, -1}, new double[] {1, 99, 99, 98}, new double[] {1, 100, 100, 100}))
                .isCloseTo(0.26318687403185614, within(1e-5));
    }

    /** What is twice as sure has half the slope, and an offset is not the slope's business. */
    @Test
    void scalesWithTheLogitsAndIgnoresTheirOffset() {
        double[] logits = {-3, -1, 0, 2, 5};
        double[] y = {1, 1, 0, 2, 2};
        double[] n = {2, 2, 2, 2, 2};
        double slope = slope(logits, y, n);
        assertThat(slope(DoubleStream.of(logits).map(l -> 2 * l).toArray(), y, n))
                .isCloseTo(slope / 2, within(1e-8));
        assertThat(slope(DoubleStream.of(logits).map(l -> l - 4).toArray(), y, n))
                .isCloseTo(slope, within(1e-8));
        assertThat(slope(DoubleStream.of(logits).map(l -> -l).toArray(), y, n)).isCloseTo(-slope, within(1e-8));
    }

    @Test
    void certaintyIsFinite() {
        double[] ones = {1, 1, 1, 1};
        assertThat(Calibration.slope(new double[] {0, 0, 1, 1}, new double[] {0, 1, 0, 1}, ones))
                .isCloseTo(0, within(1e-6));
        assertThat(slope(new double[] {20, -1, 0.5, 1}, new double[] {0, 1, 1, 0}, ones))
                .as("separated the wrong way round")
                .isNaN();
    }

    @Test
    void refusesUnequalLengths() {
        assertThatThrownBy(() -> Calibration.slope(new double[2], new double[1], new double[2]))
                .hasMessage("calibration: expected equal lengths, got 2, 1 and 2");
        assertThatThrownBy(() -> Calibration.slope(new double[2], new double[2], new double[1]))
                .hasMessage("calibration: expected equal lengths, got 2, 2 and 1");
    }

    /** Each class against the others, in one list. */
    @Test
    void classesArePooled() {
        double[] p = {0.2, 0.4, 0.6, 0.7, 0.8, 0.3};
        int[] y = {0, 1, 1, 0, 1, 0};
        double[][] both = new double[p.length][];
        double[] twice = new double[2 * p.length];
        double[] is = new double[2 * p.length];
        double[] ones = new double[2 * p.length];
        for (int n = 0; n < p.length; n++) {
            both[n] = new double[] {1 - p[n], p[n]};
            twice[n] = p[n];
            twice[p.length + n] = 1 - p[n];
            is[n] = y[n];
            is[p.length + n] = 1 - y[n];
            ones[n] = 1;
            ones[p.length + n] = 1;
        }

        assertThat(ClassScores.calibrationSlope(both, y)).isCloseTo(Calibration.slope(twice, is, ones), within(1e-9));
    }
}
