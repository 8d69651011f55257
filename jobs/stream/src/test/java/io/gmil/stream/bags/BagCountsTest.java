package io.gmil.stream.bags;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class BagCountsTest {

    /** Remembers what is registered. */
    private static final class Metrics extends UnregisteredMetricsGroup {
        private final Map<String, Counter> counters = new HashMap<>();
        private final Map<String, Gauge<?>> gauges = new HashMap<>();

        @Override
        public Counter counter(String name) {
            return counters.computeIfAbsent(name, super::counter);
        }

        @Override
        public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
            gauges.put(name, gauge);
            return gauge;
        }
    }

    @Test
    void everyLimitHasItsMetric() {
        Metrics metrics = new Metrics();
        BagCounts counts = BagCounts.in(metrics, () -> 42);
        counts.overdue().inc(1);
        counts.partial().inc(2);
        counts.displaced().inc(3);
        counts.tooLarge().inc(4);
        counts.refusedRecords().inc(5);
        counts.drawn().inc(6);
        counts.dropped().inc(7);

        Map<String, Long> counted = new HashMap<>();
        metrics.counters.forEach((name, counter) -> counted.put(name, counter.getCount()));
        assertThat(counted)
                .isEqualTo(Map.of(
                        "bagsOverdue", 1L,
                        "bagsPartial", 2L,
                        "bagsDisplaced", 3L,
                        "bagsTooLarge", 4L,
                        "recordsRefused", 5L,
                        "bagsLimited", 6L,
                        "bagsDropped", 7L));
        assertThat(metrics.gauges.get("bagsOpen").getValue()).isEqualTo(42L);
    }
}
