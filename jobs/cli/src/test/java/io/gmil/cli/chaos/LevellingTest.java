package io.gmil.cli.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class LevellingTest {

    private static final int BAGS = 1000;
    private static final double SLACK = 2;

    @Test
    void whatFillsAndStaysIsLevel() {
        Levelling levelling = measured(bag -> Math.min(bag, 200));

        assertThat(levelling.second()).isEqualTo(200);
        assertThat(levelling.last()).isEqualTo(200);
        assertThat(levelling.level()).isTrue();
    }

    @Test
    void whatSwingsIsLevel() {
        assertThat(measured(bag -> 100 + 50 * Math.sin(bag / 30.0)).level()).isTrue();
    }

    @Test
    void whatGrowsWithTheBagsIsNot() {
        assertThat(measured(bag -> 50 + 0.05 * bag).level()).isFalse();
    }

    @Test
    void slackIsForWhatIsSmall() {
        assertThat(measured(bag -> 0.001 * bag).level()).isTrue();
    }

    @Test
    void withoutAnythingMeasuredNothingIsLevel() {
        assertThat(new Levelling("heap", SLACK, BAGS).level()).isFalse();
    }

    private static Levelling measured(IntToDoubleFunction value) {
        Levelling levelling = new Levelling("heap", SLACK, BAGS);
        for (int bag = 10; bag <= BAGS; bag += 10) {
            levelling.add(bag, value.applyAsDouble(bag));
        }
        return levelling;
    }
}
