package io.gmil.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads topics from their beginning, typed. Outside any consumer group: it commits nothing. Belongs to one thread.
 */
public final class GmilReader implements AutoCloseable {

    private static final int POLLED_RECORDS = 500;

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Map<Topic, AvroWire<? extends SpecificRecordBase>> wires = new EnumMap<>(Topic.class);

    private GmilReader(Properties properties) {
        consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /**
     * Opens a reader at the beginning of the topics, which must exist.
     *
     * @throws org.apache.kafka.common.KafkaException when the broker does not answer
     * @throws IllegalStateException when a topic does not exist
     */
    public static GmilReader open(KafkaConfig config, Isolation isolation, Set<Topic> topics) {
        Properties properties = new Properties();
        properties.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(POLLED_RECORDS));
        properties.putAll(config.consumer());
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation.level());
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.setProperty(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        GmilReader reader = new GmilReader(properties);
        try {
            reader.assign(topics);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
        return reader;
    }

    private void assign(Set<Topic> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (Topic topic : topics) {
            wires.put(topic, AvroWire.of(topic.recordClass()));
            partitions.addAll(partitions(consumer, topic));
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    /** The partitions of a topic. */
    static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, Topic topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic.topicName()).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        if (partitions.isEmpty()) {
            throw new IllegalStateException("topic " + topic.topicName() + " does not exist");
        }
        return partitions;
    }

    /**
     * The next records, waiting for the first of them; empty when none came in time.
     *
     * @param patience how long to wait
     * @throws WireException when a record cannot be decoded, with its place; reading goes on behind the records polled
     */
    public List<Received> poll(Duration patience) throws WireException {
        List<Received> received = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
            received.add(received(record));
        }
        return received;
    }

    private Received received(ConsumerRecord<byte[], byte[]> record) throws WireException {
        Topic topic = Topic.named(record.topic());
        return new Received(
                topic,
                record.partition(),
                record.offset(),
                Instant.ofEpochMilli(record.timestamp()),
                record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8),
                record.value() == null && topic.compacted() ? null : decode(topic, record));
    }

    private SpecificRecordBase decode(Topic topic, ConsumerRecord<byte[], byte[]> record) throws WireException {
        try {
            return wires.get(topic).decode(record.value());
        } catch (WireException e) {
            throw new WireException(
                    record.topic() + "-" + record.partition() + "@" + record.offset() + ": " + e.getMessage(), e);
        }
    }

    /** Offsets at the end of a topic that is being read, summed over its partitions; by the reader's isolation. */
    public long endOffset(Topic topic) {
        return sum(consumer.endOffsets(assigned(topic)).values());
    }

    /** Offsets between the reader and the end of all its topics; 0 when it has read everything there is. */
    public long remaining() {
        long ends = sum(consumer.endOffsets(consumer.assignment()).values());
        return ends
                - consumer.assignment().stream().mapToLong(consumer::position).sum();
    }

    private List<TopicPartition> assigned(Topic topic) {
        return consumer.assignment().stream()
                .filter(partition -> partition.topic().equals(topic.topicName()))
                .toList();
    }

    private static long sum(Collection<Long> offsets) {
        return offsets.stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public void close() {
        consumer.close();
    }
}
