package io.gmil.stream.bags;

import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/**
 * What a subtask has refused, cut down or dropped since it started.
 *
 * @param overdue bags rejected at their deadline
 * @param partial bags predicted at their deadline from what had arrived
 * @param displaced bags rejected because too many were open
 * @param tooLarge bags over the limit of bytes
 * @param refusedRecords records of bags that are over it, or were dropped after retention
 * @param drawn bags of which a limit has drawn some cells
 * @param dropped bags dropped after retention
 */
record BagCounts(
        Counter overdue,
        Counter partial,
        Counter displaced,
        Counter tooLarge,
        Counter refusedRecords,
        Counter drawn,
        Counter dropped) {

    /**
     * Counts in a group of metrics.
     *
     * @param open incomplete bags
     */
    static BagCounts in(MetricGroup metrics, LongSupplier open) {
        metrics.gauge("bagsOpen", open::getAsLong);
        return new BagCounts(
                metrics.counter("bagsOverdue"),
                metrics.counter("bagsPartial"),
                metrics.counter("bagsDisplaced"),
                metrics.counter("bagsTooLarge"),
                metrics.counter("recordsRefused"),
                metrics.counter("bagsLimited"),
                metrics.counter("bagsDropped"));
    }
}
