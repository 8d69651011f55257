package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.stream.state.BagEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.junit.jupiter.api.Test;

class EventTimeTest {

    /** What a generator says. */
    private static final class Said implements WatermarkOutput {
        private final List<String> words = new ArrayList<>();

        @Override
        public void emitWatermark(Watermark watermark) {
            words.add(Long.toString(watermark.getTimestamp()));
        }

        @Override
        public void markIdle() {
            words.add("idle");
        }

        @Override
        public void markActive() {
            words.add("active");
        }
    }

    @Test
    void thePosteriorAndCommandsHaveNoTime() {
        Said said = new Said();
        WatermarkGenerator<BagEvent> generator = EventTime.none().createWatermarkGenerator(null);
        generator.onEvent(null, 1_000_000, said);
        generator.onPeriodicEmit(said);
        generator.onEvent(null, 2_000_000, said);
        assertThat(said.words).containsExactly("idle");
    }

    @Test
    void aClockThatIsAheadCountsAsNow() {
        assertThat(EventTime.notAhead(5, 10)).isEqualTo(5);
        assertThat(EventTime.notAhead(15, 10)).isEqualTo(10);
        assertThat(EventTime.notAhead(-1, 10)).isEqualTo(10);
    }

    @Test
    void patienceGoesByTheDeadline() {
        BagPolicy hour = Events.config(Map.of()).bags();
        assertThat(hour.idleness()).isEqualTo(Duration.ofMinutes(15));
        assertThat(hour.outOfOrder()).isEqualTo(Duration.ofSeconds(30));
        BagPolicy seconds = Events.config(Map.of("bag.deadline", "4s")).bags();
        assertThat(seconds.outOfOrder()).isEqualTo(Duration.ofSeconds(1));
    }
}
