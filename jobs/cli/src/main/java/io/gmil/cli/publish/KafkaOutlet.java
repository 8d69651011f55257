package io.gmil.cli.publish;

import io.gmil.kafka.GmilProducer;
import io.gmil.kafka.KafkaConfig;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Publishes to Kafka. Belongs to one thread. */
public final class KafkaOutlet implements Outlet, AutoCloseable {

    /** The demo's heap also holds a broker and Flink; the default is made for a pipeline of its own. */
    private static final int BUFFER_BYTES = 24 * 1024 * 1024;

    private final GmilProducer producer;

    private KafkaOutlet(GmilProducer producer) {
        this.producer = producer;
    }

    /** Opens a producer at a broker without security. */
    public static KafkaOutlet open(String bootstrapServers) {
        KafkaConfig defaults = KafkaConfig.at(bootstrapServers);
        Map<String, String> options = Map.of(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(BUFFER_BYTES));
        return new KafkaOutlet(GmilProducer.open(new KafkaConfig(
                bootstrapServers, options, defaults.transactionalIdPrefix(), defaults.transactionTimeout())));
    }

    @Override
    public void chunk(CellChunk chunk) {
        producer.send(chunk);
    }

    @Override
    public void manifest(SampleManifest manifest) {
        producer.send(manifest);
    }

    @Override
    public void label(Label label) {
        producer.send(label);
    }

    @Override
    public void control(Control control) {
        producer.send(control);
    }

    @Override
    public void flush() {
        producer.flush();
    }

    @Override
    public void close() {
        producer.close();
    }
}
