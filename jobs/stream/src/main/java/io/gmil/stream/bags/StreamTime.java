package io.gmil.stream.bags;

import io.gmil.stream.BagPolicy;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.streaming.api.TimerService;

/**
 * The time that deadlines go by: how far the input has been read, in time of its records. While a backlog is caught up
 * it lags behind, so that nothing is overdue of which there is more to be read.
 *
 * <p>Where all input is idle it would stand still. After a whole deadline without any record the wall clock takes its
 * place. That is told by looks in between and not by one span, since a process that was stopped or stuck for hours finds
 * its timers before its input.
 */
final class StreamTime {

    /** Looks without a record, a fourth of the deadline apart; the first may follow a record closely. */
    private static final int LOOKS = 5;

    private final long apart;
    private final Map<Integer, Long> looks = new HashMap<>();
    private TimerService timers;
    private long watermark;
    private long lookedAt;
    private long latest = Long.MIN_VALUE;
    private int quiet;

    StreamTime(BagPolicy policy) {
        this.apart = Math.max(1, policy.idleness().toMillis());
    }

    /** The timers of the element or timer at hand. */
    void use(TimerService current) {
        if (timers == null) {
            watermark = current.currentWatermark();
            lookedAt = current.currentProcessingTime();
        }
        timers = current;
    }

    /**
     * A record of the input has come.
     *
     * @param timestamp of the record, in ms
     */
    void arrived(long timestamp) {
        latest = of(timestamp);
        stir();
    }

    private void stir() {
        quiet = 0;
        lookedAt = timers.currentProcessingTime();
    }

    /** Time of the record that came last; the wall clock where none has come since a start. */
    long latest() {
        return latest == Long.MIN_VALUE ? of(timers.currentProcessingTime()) : Math.max(latest, now());
    }

    /** A timer of a shard has come: finds out whether the input is idle. */
    void look(int shard) {
        long wall = timers.currentProcessingTime();
        if (timers.currentWatermark() != watermark) {
            watermark = timers.currentWatermark();
            stir();
        } else if (wall - lookedAt >= apart / 2) {
            quiet++;
            lookedAt = wall;
        }
        looks.computeIfPresent(shard, (same, next) -> next <= wall ? null : next);
    }

    /** In ms. */
    long now() {
        return quiet >= LOOKS
                ? Math.max(timers.currentProcessingTime(), timers.currentWatermark())
                : timers.currentWatermark();
    }

    /**
     * When a record counts as having come. One that comes late counts from now on, so that the rest of its bag has time
     * to follow; one of a clock that is ahead has come now at the latest.
     */
    long of(long timestamp) {
        long wall = timers.currentProcessingTime();
        return Math.max(timestamp < 0 ? wall : Math.min(timestamp, wall), now());
    }

    /** Wakes a shard in the first multiple of a width, in ms, after a time; many share a timer. */
    void wake(int shard, long time, long width) {
        timers.registerEventTimeTimer(Math.floorDiv(time, width) * width + width);
        keepLooking(shard);
    }

    /** Lets the shard look again. */
    void keepLooking(int shard) {
        looks.computeIfAbsent(shard, absent -> {
            long next = Math.floorDiv(timers.currentProcessingTime(), apart) * apart + apart;
            timers.registerProcessingTimeTimer(next);
            return next;
        });
    }

    /** Nothing of the shard waits for a time any more. */
    void rest(int shard) {
        Long next = looks.remove(shard);
        if (next != null) {
            timers.deleteProcessingTimeTimer(next);
        }
    }
}
