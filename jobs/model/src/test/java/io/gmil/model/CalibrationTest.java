package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
}
