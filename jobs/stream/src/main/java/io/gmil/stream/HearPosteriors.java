package io.gmil.stream;

import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import java.nio.ByteBuffer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedMultiInput;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Passes on what both inputs say of posteriors, and says behind the second one's last, which ends with what there was at the
 * start of the job, that this is known. To be run by one subtask, which keeps the order. A restored job is told again.
 */
final class HearPosteriors extends AbstractStreamOperator<BagEvent>
        implements TwoInputStreamOperator<BagEvent, BagEvent, BagEvent>, BoundedMultiInput {

    private static final long serialVersionUID = 1L;

    private static final int PUBLISHED = 2;

    @Override
    public void processElement1(StreamRecord<BagEvent> element) {
        output.collect(element);
    }

    @Override
    public void processElement2(StreamRecord<BagEvent> element) {
        output.collect(element);
    }

    @Override
    public void endInput(int input) {
        if (input == PUBLISHED) {
            output.collect(new StreamRecord<>(publishedRead()));
        }
    }

    static BagEvent publishedRead() {
        return BagEvent.newBuilder()
                .setShard(0)
                .setKind(EventKind.PUBLISHED_READ)
                .setTopic("")
                .setPartition(0)
                .setOffset(0)
                .setKey("")
                .setValue(ByteBuffer.allocate(0))
                .build();
    }

    /** An input that ends says that event time has come to its end: then every incomplete bag would be overdue. */
    @Override
    public void processWatermark1(Watermark mark) {
        // Event time is that of the bags alone.
    }

    @Override
    public void processWatermark2(Watermark mark) {
        // As above.
    }

    @Override
    protected void processWatermarkStatus(WatermarkStatus status, int input) {
        output.emitWatermarkStatus(WatermarkStatus.IDLE);
    }
}
