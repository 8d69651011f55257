package io.gmil.kafka;

import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.Label;
import io.gmil.schema.SampleManifest;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes what a laboratory, a clinic or an operator has to say. Idempotent, acknowledged by all replicas; sending blocks
 * while 64 MB wait for the broker. Belongs to one thread.
 *
 * <p>Records are sent in the background: a failure is thrown by the next call, {@link #close} at the latest.
 */
public final class GmilProducer implements AutoCloseable {

    private static final int BUFFER_BYTES = 64 * 1024 * 1024;
    private static final int BATCH_BYTES = 1024 * 1024;
    private static final int LINGER_MILLIS = 5;

    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroWire<CellChunk> chunks = AvroWire.of(CellChunk.class);
    private final AvroWire<SampleManifest> manifests = AvroWire.of(SampleManifest.class);
    private final AvroWire<Label> labels = AvroWire.of(Label.class);
    private final AvroWire<Control> controls = AvroWire.of(Control.class);
    private final AtomicReference<KafkaException> failure = new AtomicReference<>();

    private GmilProducer(Properties properties) {
        producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Opens a producer; the broker is asked only when something is sent. */
    public static GmilProducer open(KafkaConfig config) {
        Properties properties = new Properties();
        properties.setProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, Integer.toString(BUFFER_BYTES));
        properties.setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(BATCH_BYTES));
        properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, Integer.toString(LINGER_MILLIS));
        properties.putAll(config.producer());
        properties.setProperty(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
        properties.setProperty(ProducerConfig.ACKS_CONFIG, "all");
        properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topic.MAX_RECORD_BYTES));
        return new GmilProducer(properties);
    }

    /**
     * Sends cells.
     *
     * @throws KafkaException when an earlier record failed or the broker does not answer
     */
    public void send(CellChunk chunk) {
        send(Topic.CELLS, chunk.getPatientId(), chunks, chunk);
    }

    /** Sends a manifest; throws as {@link #send(CellChunk)}. */
    public void send(SampleManifest manifest) {
        send(Topic.SAMPLES, manifest.getPatientId(), manifests, manifest);
    }

    /** Sends a label; throws as {@link #send(CellChunk)}. */
    public void send(Label label) {
        send(Topic.LABELS, label.getPatientId(), labels, label);
    }

    /** Sends a command, keyed by study; throws as {@link #send(CellChunk)}. */
    public void send(Control control) {
        send(Topic.CONTROL, control.getStudy(), controls, control);
    }

    private <T extends SpecificRecordBase> void send(Topic topic, String key, AvroWire<T> wire, T record) {
        throwFailure();
        byte[] value = wire.encode(record);
        byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
        // The callback keeps the outcome; nobody waits for the future.
        var unused = producer.send(new ProducerRecord<>(topic.topicName(), keyBytes, value), (metadata, e) -> {
            if (e != null) {
                failure.compareAndSet(null, failed(topic, key, value.length, e));
            }
        });
    }

    /**
     * Waits until everything sent is acknowledged.
     *
     * @throws KafkaException when a record failed
     */
    public void flush() {
        producer.flush();
        throwFailure();
    }

    /**
     * Waits until everything sent is acknowledged, then closes.
     *
     * @throws KafkaException when a record failed
     */
    @Override
    public void close() {
        producer.close();
        throwFailure();
    }

    private void throwFailure() {
        KafkaException e = failure.getAndSet(null);
        if (e != null) {
            throw e;
        }
    }

    private static KafkaException failed(Topic topic, String key, int bytes, Exception cause) {
        return new KafkaException(
                "record of " + bytes + " bytes with key '" + key + "' was not written to " + topic.topicName() + ": "
                        + cause.getMessage(),
                cause);
    }
}
