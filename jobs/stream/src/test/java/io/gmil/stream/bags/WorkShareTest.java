package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WorkShareTest {

    private static final long MILLI = 1_000_000L;
    private static final long SECOND = 1000 * MILLI;
    private static final long MINUTE = 60 * SECOND;
    private static final String MODEL = "model";
    private static final double SHARE = 0.2;

    private final WorkShare share = new WorkShare(SHARE);

    @Test
    void withoutCellsThereIsAlwaysTime() {
        for (long now = 0; now < 100 * SECOND; now += SECOND) {
            assertThat(share.available(now, MODEL)).isTrue();
            share.worked(SECOND, MODEL);
        }
    }

    @Test
    void whileCellsArriveRefreshesTakeTheirShareOfTheTime() {
        long worked = 0;
        long now = SECOND;
        while (now < 101 * SECOND) {
            share.arrived(now);
            if (share.available(now, MODEL)) {
                share.worked(20 * MILLI, MODEL);
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
        share.available(0, MODEL);
        long worked = 0;
        // 400 ms with cells that no refresh has used, then refreshes without a break.
        for (long now = 400 * MILLI; ; now += MILLI) {
            share.arrived(now);
            if (!share.available(now, MODEL)) {
                break;
            }
            share.worked(MILLI, MODEL);
            worked += MILLI;
        }
        assertThat(worked).isLessThan(20 * MILLI);
    }

    @Test
    void whenCellsStopAllTheTimeIsFree() {
        share.arrived(0);
        share.available(0, MODEL);
        share.worked(SECOND / 10, MODEL);
        assertThat(share.available(SECOND / 10 + MILLI, MODEL)).isFalse();
        for (long now = MINUTE; now < 2 * MINUTE; now += SECOND) {
            assertThat(share.available(now, MODEL)).isTrue();
            share.worked(SECOND, MODEL);
        }
    }

    @Test
    void aLongRefreshDoesNotCountAsQuiet() {
        share.arrived(0);
        share.available(0, MODEL);
        share.worked(MINUTE, MODEL);
        assertThat(share.available(MINUTE + 100 * MILLI, MODEL)).isFalse();
        assertThat(share.available(2 * MINUTE, MODEL)).isTrue();
    }

    /** Cells without end; one model asks at every turn, another three times a second. */
    @Test
    void aModelThatAsksAtEveryTurnLeavesAnotherItsPart() {
        long busy = 0;
        int asked = 0;
        int answered = 0;
        long due = 0;
        for (long now = 0; now < 100 * SECOND; now += MILLI) {
            share.arrived(now);
            if (share.available(now, "busy")) {
                share.worked(20 * MILLI, "busy");
                busy += 20 * MILLI;
                now += 20 * MILLI;
            }
            if (now >= due) {
                asked++;
                due = now + 333 * MILLI;
                if (share.available(now, "other")) {
                    answered++;
                    share.worked(20 * MILLI, "other");
                    now += 20 * MILLI;
                }
            }
        }
        assertThat(answered).isEqualTo(asked);
        assertThat((double) busy / (100 * SECOND)).isCloseTo(SHARE / 2, within(0.01));
    }

    @Test
    void whatNobodyElseAsksForIsNotKept() {
        share.arrived(0);
        share.available(0, "settled");
        long worked = 0;
        for (long now = 0; now < 200 * SECOND; now += MILLI) {
            share.arrived(now);
            if (share.available(now, MODEL)) {
                share.worked(20 * MILLI, MODEL);
                worked += 20 * MILLI;
                now += 20 * MILLI;
            }
        }
        assertThat((double) worked / (200 * SECOND)).isCloseTo(SHARE, within(0.02));
    }
}
