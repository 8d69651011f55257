package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import java.util.Map;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.TwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HearPosteriorsTest {

    private final HearPosteriors operator = new HearPosteriors();
    private TwoInputStreamOperatorTestHarness<BagEvent, BagEvent, BagEvent> harness;

    @BeforeEach
    void open() throws Exception {
        harness = new TwoInputStreamOperatorTestHarness<>(operator);
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void theEndOfWhatWasPublishedIsReportedBehindIt() throws Exception {
        JobConfig config = Events.config(Map.of());
        BagEvent message = new Events(config).posterior(Events.scaler(config));
        harness.processElement2(new StreamRecord<>(message));
        harness.processElement1(new StreamRecord<>(message));
        assertThat(harness.extractOutputValues()).containsExactly(message, message);
        harness.endInput2();
        assertThat(harness.extractOutputValues())
                .hasSize(3)
                .last()
                .extracting(BagEvent::getKind)
                .isEqualTo(EventKind.PUBLISHED_READ);
    }

    @Test
    void itSaysNothingOfTime() throws Exception {
        operator.processWatermarkStatus1(WatermarkStatus.IDLE);
        operator.processWatermarkStatus2(WatermarkStatus.ACTIVE);
        harness.processWatermark2(Watermark.MAX_WATERMARK);
        harness.processWatermark1(Watermark.MAX_WATERMARK);
        assertThat(harness.getOutput()).isNotEmpty().allSatisfy(out -> assertThat(out)
                .isEqualTo(WatermarkStatus.IDLE));
    }
}
