package io.gmil.stream.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RecentBagsTest {

    private static final int WINDOW = 10;

    private final RecentBags recent = new RecentBags(WINDOW);

    @Test
    void withoutBagsThereIsNothingToTell() {
        assertThat(recent.delay(0.5)).isNull();
        assertThat(recent.meanShift()).isNull();
        recent.add(2_000, null);
        assertThat(recent.delay(0.5)).isEqualTo(2);
        assertThat(recent.meanShift()).isNull();
    }

    @Test
    void onlyTheLastBagsCount() {
        recent.add(1_000_000, 100.0);
        for (int i = WINDOW; i > 0; i--) {
            recent.add(1000L * i, i % 2 == 0 ? 1.5 : null);
        }
        assertThat(recent.delay(0.5)).isEqualTo(5);
        assertThat(recent.delay(0.9)).isEqualTo(9);
        assertThat(recent.meanShift()).isCloseTo(1.5, within(1e-12));
    }

    @Test
    void bytesRestoreEverything() {
        recent.add(3_000, 2.0);
        recent.add(5_000, null);
        RecentBags restored = RecentBags.fromBytes(recent.toBytes(), WINDOW);
        restored.add(4_000, 4.0);
        assertThat(restored.delay(0.5)).isEqualTo(4);
        assertThat(restored.meanShift()).isEqualTo(3);
        byte[] other = recent.toBytes();
        other[0] = 9;
        assertThatThrownBy(() -> RecentBags.fromBytes(other, WINDOW))
                .hasMessage("recent bags: expected format 1, got 9");
    }
}
