package io.gmil.kafka;

import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Flink sources of the topics. */
public final class GmilSources {

    // A subtask holds up to one fetch and three batches of polled records: about 64 MB.
    private static final int FETCH_BYTES = 16 * 1024 * 1024;
    // Kafka's default of 1 MB is two chunks a round trip.
    private static final int PARTITION_FETCH_BYTES = Topic.MAX_RECORD_BYTES;
    private static final int POLLED_RECORDS = 32;
    private static final int RECEIVE_BUFFER_BYTES = 1024 * 1024;
    // A record ends the wait at once. Kafka's default has every idle source ask twice a second.
    private static final int FETCH_WAIT_MILLIS = 5000;

    private GmilSources() {}

    /**
     * An unbounded source of one topic. It reads committed records only and stores its offsets in checkpoints; those it
     * commits to the broker are for monitoring.
     *
     * @param groupId consumer group, also the prefix of client ids
     * @param start where to begin without a checkpoint
     * @param reader turns every record into an element
     */
    public static <OUT> KafkaSource<OUT> source(
            KafkaConfig config,
            Topic topic,
            String groupId,
            StartingOffsets start,
            RecordReader<OUT> reader,
            TypeInformation<OUT> type) {
        return builder(config, topic, groupId, start, reader, type).build();
    }

    /** As {@link #source}, ending at the offsets the topic has when the source starts. */
    public static <OUT> KafkaSource<OUT> boundedSource(
            KafkaConfig config, Topic topic, String groupId, RecordReader<OUT> reader, TypeInformation<OUT> type) {
        return builder(config, topic, groupId, StartingOffsets.EARLIEST, reader, type)
                .setBounded(StartingOffsets.LATEST.initializer())
                .build();
    }

    private static <OUT> KafkaSourceBuilder<OUT> builder(
            KafkaConfig config,
            Topic topic,
            String groupId,
            StartingOffsets start,
            RecordReader<OUT> reader,
            TypeInformation<OUT> type) {
        return KafkaSource.<OUT>builder()
                .setProperties(properties(config))
                .setTopics(topic.topicName())
                .setGroupId(groupId)
                // Of its own for each source: equal ids clash in the metrics registry.
                .setClientIdPrefix(groupId + "-" + topic.topicName())
                .setStartingOffsets(start.initializer())
                .setDeserializer(new ReaderDeserializer<>(reader, type));
    }

    private static Properties properties(KafkaConfig config) {
        Properties properties = new Properties();
        properties.setProperty(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, Integer.toString(FETCH_BYTES));
        properties.setProperty(
                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Integer.toString(PARTITION_FETCH_BYTES));
        properties.setProperty(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, Integer.toString(FETCH_WAIT_MILLIS));
        properties.setProperty(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, Integer.toString(POLLED_RECORDS));
        properties.setProperty(ConsumerConfig.RECEIVE_BUFFER_CONFIG, Integer.toString(RECEIVE_BUFFER_BYTES));
        properties.putAll(config.consumer());
        properties.setProperty(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return properties;
    }

    private record ReaderDeserializer<OUT>(RecordReader<OUT> reader, TypeInformation<OUT> type)
            implements KafkaRecordDeserializationSchema<OUT> {

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<OUT> out) {
            out.collect(reader.read(
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    record.timestamp(),
                    record.key(),
                    record.value()));
        }

        @Override
        public TypeInformation<OUT> getProducedType() {
            return type;
        }
    }
}
