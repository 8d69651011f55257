package io.gmil.kafka;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Writes the elements of a sink in the wire format. Names its topic: pooled transactions are looked up by it. */
final class WireSerializer<T extends SpecificRecordBase>
        implements KafkaRecordSerializationSchema<T>, KafkaDatasetFacetProvider {

    private static final long serialVersionUID = 1L;

    private final String topic;
    private final RecordKey<T> key;
    private final Class<T> type;
    private transient AvroWire<T> wire;

    WireSerializer(String topic, RecordKey<T> key, Class<T> type) {
        this.topic = topic;
        this.key = key;
        this.type = type;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(T record, KafkaSinkContext context, Long timestamp) {
        if (wire == null) {
            wire = AvroWire.of(type);
        }
        // Without the element's time: retention goes by the time of writing.
        return new ProducerRecord<>(topic, key.of(record).getBytes(StandardCharsets.UTF_8), wire.encode(record));
    }

    @Override
    public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
        return Optional.of(new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
    }
}
