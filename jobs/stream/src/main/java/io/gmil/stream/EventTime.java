package io.gmil.stream;

import io.gmil.stream.state.BagEvent;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;

/**
 * How far the input has been read, in time of its records. It is that of the partition furthest behind, so what waits in
 * Kafka after an outage holds every deadline back.
 */
final class EventTime {

    private EventTime() {}

    /** Of records that make or label bags. Partitions that have had none for a while do not count. */
    static WatermarkStrategy<BagEvent> ofInput(BagPolicy policy) {
        return WatermarkStrategy.<BagEvent>forBoundedOutOfOrderness(policy.outOfOrder())
                .withTimestampAssigner((event, timestamp) -> notAhead(event.getTimestamp(), System.currentTimeMillis()))
                .withIdleness(policy.idleness());
    }

    /** Of records that no bag waits for: they neither hold event time back nor carry it on. */
    static WatermarkStrategy<BagEvent> none() {
        return WatermarkStrategy.forGenerator(context -> new Idle());
    }

    /** The time of a record in ms: a producer whose clock is ahead must not make the bags of others overdue. */
    static long notAhead(long timestamp, long now) {
        return timestamp < 0 || timestamp > now ? now : timestamp;
    }

    /** Without this a source would hold event time back for good: it counts as active until it says otherwise. */
    private static final class Idle implements WatermarkGenerator<BagEvent> {

        @Override
        public void onEvent(BagEvent event, long timestamp, WatermarkOutput output) {
            // Stays idle.
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            output.markIdle();
        }
    }
}
