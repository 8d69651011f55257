package io.gmil.stream;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.WireException;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Scaler;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.ScalerInput;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.util.Collector;

/** Tells {@link FitScaler} which scalers the bags are told of: after a crash they may be others than it has fitted. */
final class PublishedScalers extends RichFlatMapFunction<BagEvent, ScalerInput> {

    private static final long serialVersionUID = 1L;

    private final JobConfig config;
    private transient AvroWire<PosteriorMessage> wire;

    PublishedScalers(JobConfig config) {
        this.config = config;
    }

    @Override
    public void open(OpenContext context) {
        wire = AvroWire.of(PosteriorMessage.class);
    }

    @Override
    public void flatMap(BagEvent event, Collector<ScalerInput> out) {
        if (!event.getKey().startsWith(ModelIds.SCALER_PREFIX)) {
            // Posteriors may be megabytes.
            return;
        }
        byte[] value = Bytes.array(event.getValue());
        try {
            PosteriorMessage message = wire.decode(value);
            if (message.getBody() instanceof Scaler scaler
                    && scaler.getStudy().equals(config.study())
                    && scaler.getCovariates().equals(config.covariates())) {
                out.collect(input(message, value).setPublished(true).build());
            }
        } catch (WireException e) {
            // The bags operator gets the same record by broadcast and writes the dead letter.
        }
    }

    /** A scaler on its way to {@link FitScaler}. */
    static ScalerInput.Builder input(PosteriorMessage message, byte[] encoded) {
        Scaler scaler = (Scaler) message.getBody();
        return ScalerInput.newBuilder()
                .setKey(ModelIds.pool(
                        scaler.getStudy(),
                        scaler.getEmbedding(),
                        scaler.getEmbeddingVersion(),
                        scaler.getMean().size()))
                .setStudy(scaler.getStudy())
                .setEmbedding(scaler.getEmbedding())
                .setEmbeddingVersion(scaler.getEmbeddingVersion())
                .setScaler(ByteBuffer.wrap(encoded));
    }
}
