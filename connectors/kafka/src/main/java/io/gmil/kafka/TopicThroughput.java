package io.gmil.kafka;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How fast a plain consumer with default settings reads a topic: what a job that reads the same topic is measured against.
 *
 * @param bytes of keys and values
 * @param records number of records
 * @param seconds from the first fetch to the last record
 */
public record TopicThroughput(long bytes, long records, double seconds) {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final double NANOS = 1e9;
    private static final double MEGABYTE = 1e6;

    /** Megabytes (10⁶ bytes) a second. */
    public double megabytesPerSecond() {
        return bytes / MEGABYTE / seconds;
    }

    /**
     * Reads a topic once with one consumer, from its beginning to the end it has now, decoding nothing.
     *
     * @throws TimeoutException when no record comes for 30 s
     * @throws IllegalStateException when the topic does not exist
     */
    public static TopicThroughput measure(KafkaConfig config, Topic topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties(config), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = GmilReader.partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            // Looks the first offsets up, which is no part of reading.
            partitions.forEach(consumer::position);
            return readTo(consumer, ends);
        }
    }

    private static TopicThroughput readTo(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        long bytes = 0;
        long records = 0;
        long start = System.nanoTime();
        long progress = start;
        while (!reached(consumer, ends)) {
            var polled = consumer.poll(Duration.ofSeconds(1));
            long now = System.nanoTime();
            // A poll may come back empty at once, having passed the marker of a transaction.
            if (!polled.isEmpty()) {
                progress = now;
            } else if (now - progress > PATIENCE.toNanos()) {
                throw new TimeoutException("no record for " + PATIENCE + " after " + records + " records");
            }
            for (ConsumerRecord<byte[], byte[]> record : polled) {
                records++;
                bytes += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
            }
        }
        return new TopicThroughput(bytes, records, (System.nanoTime() - start) / NANOS);
    }

    private static boolean reached(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static Properties properties(KafkaConfig config) {
        Properties properties = new Properties();
        properties.putAll(config.consumer());
        properties.setProperty(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        return properties;
    }
}
