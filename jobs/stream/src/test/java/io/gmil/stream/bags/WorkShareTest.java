package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WorkShareTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;
    private static final long MINUTE = 60 * SECOND;
    private static final double SHARE = 0.2;

    private final WorkShare share = new WorkShare(SHARE);

    @Test
    void withoutCellsThereIsAlwaysTime() {
        for (long now = 0; now < 100 * SECOND; now += SECOND) {
            assertThat(share.available(now)).isTrue();
            share.worked(SECOND);
        }
    }

    @Test
    void whileCellsArriveRefreshesTakeTheirShareOfTheTime() {
        long worked = 0;
        long now = SECOND;
        while (now < 101 * SECOND) {
            share.arrived(now);
            if (share.available(now)) {
                share.worked(20 * MILLI);
                worked += 20 * MILLI;
                now += 20 * MILLI;
            }
            now += 3 * MILLI;
        }
        assertThat((double) worked / (100 * SECOND)).isCloseTo(SHARE, within(0.01));
    }

    @Test
    void whatWasSavedInALongPauseIsNotSpentAtOnce() {
        share.arrived(0);
        share.available(0);
        long worked = 0;
        // 400 ms with cells that no refresh has used, then refreshes without a break.
        for (long now = 400 * MILLI; ; now += MILLI) {
            share.arrived(now);
            if (!share.available(now)) {
                break;
            }
            share.worked(MILLI);
            worked += MILLI;
        }
        assertThat(worked).isLessThan(20 * MILLI);
    }

    @Test
    void whenCellsStopAllTheTimeIsFree() {
        share.arrived(0);
        share.available(0);
        share.worked(SECOND / 10);
        assertThat(share.available(SECOND / 10 + MILLI)).isFalse();
        for (long now = MINUTE; now < 2 * MINUTE; now += SECOND) {
            assertThat(share.available(now)).isTrue();
            share.worked(SECOND);
        }
    }

    @Test
    void aLongRefreshDoesNotCountAsQuiet() {
        share.arrived(0);
        share.available(0);
        share.worked(MINUTE);
        assertThat(share.available(MINUTE + 100 * MILLI)).isFalse();
        assertThat(share.available(2 * MINUTE)).isTrue();
    }
}
