package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SiteTest {
    private static final double[] MEAN = {1, -2, 0.5};

    private final Site site = new Site(2, new double[] {1, 2, 0, -1, 0, 3}, new double[] {4, 5, 6});
    private final Site earlier = new Site(1, new double[] {2, 1, -1}, new double[] {-1, 0.5, 2});

    /** h − H m by the dense H. */
    private static double[] gradient(Site site) {
        int d = site.dimension();
        double[] gradient = site.shift().clone();
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < d; j++) {
                double h = 0;
                for (int k = 0; k < site.rank(); k++) {
                    h += site.rows()[k * d + i] * site.rows()[k * d + j];
                }
                gradient[i] -= h * MEAN[j];
            }
        }
        return gradient;
    }

    @Test
    void itsGradientIsTheWeightedMeanOfBoth() {
        assertThat(gradient(site)).containsExactly(7.5, 11, 4.5); // by hand: H m = (−3.5, −6, 1.5)
        Site averaged = site.averagedInto(earlier, MEAN, 0.25);
        double[] own = gradient(site);
        double[] before = gradient(earlier);
        double[] got = gradient(averaged);
        for (int i = 0; i < got.length; i++) {
            assertThat(got[i]).isCloseTo(0.25 * own[i] + 0.75 * before[i], within(1e-12));
        }
        assertThat(averaged.rank()).isEqualTo(2);
        assertThat(averaged.rows()).containsExactly(site.rows());
    }

    @Test
    void wholeWeightForgetsTheEarlierOne() {
        assertThat(site.averagedInto(earlier, MEAN, 1).shift()).containsExactly(site.shift());
    }

    @Test
    void refusesWhatDoesNotFit() {
        Site narrow = new Site(1, new double[2], new double[2]);
        assertThatThrownBy(() -> site.averagedInto(narrow, MEAN, 0.5))
                .hasMessage("averaged site: expected dimension 3 and a weight in (0, 1], got dimensions 2 and 3,"
                        + " weight 0.5");
        assertThatThrownBy(() -> site.averagedInto(earlier, new double[2], 0.5))
                .isInstanceOf(IllegalArgumentException.class);
        for (double weight : new double[] {0, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> site.averagedInto(earlier, MEAN, weight))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new Site(0, new double[0], new double[2]))
                .hasMessage("site: expected 0 (at least 1) rows of dimension 2, got 0 values");
        assertThatThrownBy(() -> new Site(2, new double[3], new double[2]))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
