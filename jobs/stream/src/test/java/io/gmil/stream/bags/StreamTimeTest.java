package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.stream.BagPolicy;
import io.gmil.stream.BagPolicy.Incomplete;
import java.time.Duration;
import java.util.TreeSet;
import org.apache.flink.streaming.api.TimerService;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StreamTimeTest {

    private static final int SHARD = 0;
    private static final long NOW = 1_700_000_000_000L;
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long QUARTER = HOUR / 4;

    /** Timers of one shard, fired by hand. */
    private static final class Timers implements TimerService {
        private long wall = NOW;
        private long watermark = Long.MIN_VALUE;
        private final TreeSet<Long> looks = new TreeSet<>();
        private final TreeSet<Long> events = new TreeSet<>();

        @Override
        public long currentProcessingTime() {
            return wall;
        }

        @Override
        public long currentWatermark() {
            return watermark;
        }

        @Override
        public void registerProcessingTimeTimer(long time) {
            looks.add(time);
        }

        @Override
        public void registerEventTimeTimer(long time) {
            events.add(time);
        }

        @Override
        public void deleteProcessingTimeTimer(long time) {
            looks.remove(time);
        }

        @Override
        public void deleteEventTimeTimer(long time) {
            events.remove(time);
        }
    }

    private final Timers timers = new Timers();
    private final StreamTime time = new StreamTime(new BagPolicy(
            Duration.ofHours(1), Incomplete.REJECT, 0, 1, 1, Duration.ofDays(1), Duration.ofDays(1), Duration.ZERO));

    @BeforeEach
    void begin() {
        time.use(timers);
        time.keepLooking(SHARD);
    }

    /** Lets the wall clock run, and every look happen when it is due. */
    private void pass(long millis) {
        long end = timers.wall + millis;
        while (!timers.looks.isEmpty() && timers.looks.first() <= end) {
            timers.wall = timers.looks.pollFirst();
            look();
        }
        timers.wall = end;
    }

    private void look() {
        time.look(SHARD);
        time.keepLooking(SHARD);
    }

    @Test
    void itIsThatOfTheInput() {
        assertThat(time.now()).isEqualTo(Long.MIN_VALUE);
        timers.watermark = 5;
        assertThat(time.now()).isEqualTo(5);
        pass(HOUR / 2);
        assertThat(time.now()).isEqualTo(5);
    }

    @Test
    void afterADeadlineWithoutARecordTheWallClockTakesItsPlace() {
        timers.watermark = NOW - HOUR;
        time.arrived(NOW);
        pass(HOUR);
        assertThat(time.now()).isEqualTo(NOW - HOUR);
        pass(HOUR / 2);
        assertThat(time.now()).isEqualTo(timers.wall);
        time.arrived(timers.wall);
        assertThat(time.now()).isEqualTo(NOW - HOUR);
    }

    @Test
    void recordsOrAMovingWatermarkHoldTheWallClockBack() {
        for (int i = 0; i < 40; i++) {
            pass(QUARTER);
            if (i % 2 == 0) {
                time.arrived(0);
            } else {
                timers.watermark = i;
            }
        }
        assertThat(time.now()).isEqualTo(39);
    }

    /** A process that was stopped finds its timers before its input. */
    @Test
    void aClockThatJumpsSaysNothingOfTheInput() {
        time.arrived(NOW);
        timers.wall += 100 * HOUR;
        timers.looks.clear();
        look();
        look();
        assertThat(time.now()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void aRecordCountsFromWhenItCouldBeRead() {
        timers.watermark = NOW - HOUR;
        assertThat(time.of(NOW - 5)).isEqualTo(NOW - 5);
        assertThat(time.of(NOW - 2 * HOUR)).as("late").isEqualTo(NOW - HOUR);
        assertThat(time.of(NOW + HOUR)).as("ahead").isEqualTo(NOW);
        assertThat(time.of(-1)).as("without a time").isEqualTo(NOW);
    }

    @Test
    void manyTimesShareATimer() {
        for (int i = 0; i < 1000; i++) {
            time.wake(SHARD, 60_000 + i, 60_000);
        }
        assertThat(timers.events).containsExactly(120_000L);
        assertThat(timers.looks).hasSize(1);
        time.rest(SHARD);
        assertThat(timers.looks).isEmpty();
    }
}
