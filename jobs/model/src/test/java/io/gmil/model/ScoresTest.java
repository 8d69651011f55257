package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoresTest {
    @Test
    void aucCountsTiesHalf() {
        double[] labels = {0, 0, 1, 1};
        assertThat(Scores.auc(new double[] {1, 2, 3, 4}, labels)).isEqualTo(1);
        assertThat(Scores.auc(new double[] {1, 3, 2, 4}, labels)).isEqualTo(0.75);
        assertThat(Scores.auc(new double[] {1, 1, 1, 1}, labels)).isEqualTo(0.5);
        assertThat(Scores.auc(new double[] {1, 2, 2, 3}, labels)).isEqualTo(0.875);
        assertThat(Scores.auc(new double[] {1, 2}, new double[] {1, 1})).isNaN();
    }

    @Test
    void aucOfBinomialBagsIsThatOfTheirTrials() {
        double[] bags = {0.1, 0.4, 0.4, 0.9};
        double byBag = Scores.auc(bags, new double[] {0, 1, 2, 1}, new double[] {2, 2, 2, 2});
        double[] perTrial = {0.1, 0.1, 0.4, 0.4, 0.4, 0.4, 0.9, 0.9};
        double byTrial = Scores.auc(perTrial, new double[] {0, 0, 1, 0, 1, 1, 1, 0});
        assertThat(byBag).isCloseTo(byTrial, within(1e-15));
    }

    @Test
    void losses() {
        double[] p = {0.8, 0.3};
        double[] y = {2, 1};
        double[] n = {2, 2};
        double expected = -(2 * Math.log(0.8) + Math.log(0.3) + Math.log(0.7)) / 4;
        assertThat(Scores.logLoss(p, y, n)).isCloseTo(expected, within(1e-15));
        assertThat(Scores.brier(p, y, n)).isCloseTo((2 * 0.04 + 0.49 + 0.09) / 4, within(1e-15));
        assertThat(Scores.logLoss(new double[] {0}, new double[] {1}, new double[] {1}))
                .isFinite();
    }

    @Test
    void spearmanAveragesRanksOfTies() {
        assertThat(Scores.ranks(new double[] {3, 1, 3, -0.0, 0.0})).containsExactly(4.5, 3, 4.5, 1.5, 1.5);
        assertThat(Scores.spearman(new double[] {1, 2, 3}, new double[] {10, 100, 1000}))
                .isEqualTo(1);
        assertThat(Scores.spearman(new double[] {1, 2, 2, 3}, new double[] {4, 1, 3, 2}))
                .isCloseTo(-0.6324555320336759, within(1e-12));
        assertThat(Scores.spearman(new double[] {1, 1}, new double[] {1, 2})).isNaN();
    }

    @Test
    void retrievesTheTopShare() {
        double[] truth = new double[100];
        double[] reversed = new double[100];
        for (int i = 0; i < 100; i++) {
            truth[i] = i;
            reversed[i] = -i;
        }
        assertThat(Scores.retrievalAuc(truth, truth, 0.1)).isEqualTo(1);
        assertThat(Scores.retrievalAuc(truth, reversed, 0.1)).isEqualTo(0);
    }

    @Test
    void quantilesInterpolate() {
        assertThat(Scores.quantile(new double[] {1, 2, 4}, 0.75)).isEqualTo(3);
        assertThat(Scores.quantile(new double[] {1, 2, 4}, 1)).isEqualTo(4);
    }

    /** A cell at the threshold itself is not among the top. */
    @Test
    void theTopShareIsAboveItsQuantileInAnyOrder() {
        double[] truth = {3, 10, 9, 1, 0, 7, 2, 8, 4, 6, 5};
        double[] estimated = truth.clone();
        estimated[2] = -1;
        assertThat(Scores.retrievalAuc(truth, estimated, 0.1)).isEqualTo(1);
        estimated[1] = 0.5; // above 2 of the 10 others
        assertThat(Scores.retrievalAuc(truth, estimated, 0.1)).isEqualTo(0.2);
    }

    @Test
    void refusesWhatCannotBeScored() {
        double[] two = {0.1, 0.2};
        double[] one = {1};
        String lengths = "scores: expected equal lengths, got 2 and 1";
        assertThatThrownBy(() -> Scores.auc(two, one, two)).hasMessage(lengths);
        assertThatThrownBy(() -> Scores.auc(two, two, one)).hasMessage(lengths);
        assertThatThrownBy(() -> Scores.logLoss(two, one, two)).hasMessage(lengths);
        assertThatThrownBy(() -> Scores.logLoss(two, two, one)).hasMessage(lengths);
        assertThatThrownBy(() -> Scores.brier(two, one, two)).hasMessage(lengths);
        assertThatThrownBy(() -> Scores.brier(two, two, one)).hasMessage(lengths);
        assertThatThrownBy(() -> Scores.spearman(two, one)).hasMessage(lengths);
        assertThatThrownBy(() -> Scores.ranks(new double[] {1, Double.NaN}))
                .hasMessage("score 1: expected a number, got NaN");
    }
}
