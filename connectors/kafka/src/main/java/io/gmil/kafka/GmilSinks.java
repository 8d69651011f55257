package io.gmil.kafka;

import java.util.Properties;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;

/** Flink sinks of the topics. */
public final class GmilSinks {

    private GmilSinks() {}

    /**
     * A sink of one topic.
     *
     * <p>EXACTLY_ONCE: records become visible to read_committed consumers with the checkpoint that covers them. The
     * transactional ids begin with the configured prefix and the topic; they are taken from a pool, as one for each
     * checkpoint would have the broker remember every one of them for a week. That needs the right to list and describe
     * transactions.
     *
     * <p>Otherwise records are sent at once, without waiting for a batch to fill.
     *
     * @throws IllegalArgumentException when the topic carries another type
     */
    public static <T extends SpecificRecordBase> KafkaSink<T> sink(
            KafkaConfig config, Topic topic, RecordKey<T> key, Class<T> type, DeliveryGuarantee guarantee) {
        return sink(config, topic, topic.topicName(), key, type, guarantee);
    }

    /** As above, into a topic of another name that carries the same. */
    public static <T extends SpecificRecordBase> KafkaSink<T> sink(
            KafkaConfig config,
            Topic topic,
            String topicName,
            RecordKey<T> key,
            Class<T> type,
            DeliveryGuarantee guarantee) {
        if (topic.recordClass() != type) {
            throw new IllegalArgumentException("records of " + topic.topicName() + ": expected "
                    + topic.recordClass().getName() + ", got " + type.getName());
        }
        KafkaSinkBuilder<T> builder = KafkaSink.<T>builder()
                .setKafkaProducerConfig(properties(config, guarantee))
                .setRecordSerializer(new WireSerializer<>(topicName, key, type))
                .setDeliveryGuarantee(guarantee);
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            builder.setTransactionalIdPrefix(config.transactionalIdPrefix() + "-" + topicName)
                    .setTransactionNamingStrategy(TransactionNamingStrategy.POOLING);
        }
        return builder.build();
    }

    private static Properties properties(KafkaConfig config, DeliveryGuarantee guarantee) {
        Properties properties = new Properties();
        if (guarantee != DeliveryGuarantee.EXACTLY_ONCE) {
            properties.setProperty(ProducerConfig.LINGER_MS_CONFIG, "0");
        }
        properties.putAll(config.producer());
        properties.setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(Topic.MAX_RECORD_BYTES));
        if (guarantee == DeliveryGuarantee.EXACTLY_ONCE) {
            properties.setProperty(
                    ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                    Long.toString(config.transactionTimeout().toMillis()));
        }
        return properties;
    }
}
