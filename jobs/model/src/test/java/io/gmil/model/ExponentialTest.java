package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ExponentialTest {
    private static double[] of(double... x) {
        double[] values = x.clone();
        Exponential.of(values, values.length, new double[values.length]);
        return values;
    }

    /** Against Math.exp, in units of the last place; the grid has multiples of ln 2 / 2 and of its neighbours. */
    @Test
    void isWithinTwoUlp() {
        double[] x = new double[400_001];
        for (int i = 0; i <= 200_000; i++) {
            x[i] = -707.5 + i * (1415.0 / 200_000);
            x[i + 200_000] = (i - 100_000) * Math.log(2) / 4000;
        }
        double[] actual = of(x);
        double worst = 0;
        for (int i = 0; i < x.length; i++) {
            double expected = Math.exp(x[i]);
            worst = Math.max(worst, Math.abs(actual[i] - expected) / Math.ulp(expected));
        }
        assertThat(worst).isLessThanOrEqualTo(2);
    }

    @Test
    void endsOfTheRange() {
        assertThat(of(0.0, -0.0)).containsExactly(1, 1);
        assertThat(of(-745, -1e3, -1e308, Double.NEGATIVE_INFINITY)).containsOnly(0);
        assertThat(of(711, 1e3, 1e308, Double.POSITIVE_INFINITY)).containsOnly(Double.POSITIVE_INFINITY);
        assertThat(of(Double.NaN, -1)[0]).isNaN();
        assertThat(of(Double.MIN_VALUE, -Double.MIN_VALUE)).containsExactly(1, 1);
    }

    @Test
    void takesTheFirstOnly() {
        double[] x = {1, 2, 3};
        Exponential.of(x, 2, new double[2]);
        assertThat(x[1]).isEqualTo(Math.exp(2));
        assertThat(x[2]).isEqualTo(3);
    }
}
