package io.gmil.stream;

import io.gmil.kafka.GmilSources;
import io.gmil.kafka.RecordReader;
import io.gmil.kafka.StartingOffsets;
import io.gmil.kafka.Topic;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/** What the learning job reads. Records stay encoded; each knows its place and, by its key, its shard. */
public record Sources(
        Source<BagEvent, ?, ?> cells,
        Source<BagEvent, ?, ?> samples,
        Source<BagEvent, ?, ?> labels,
        Source<BagEvent, ?, ?> control,
        Source<BagEvent, ?, ?> posterior) {

    private static final byte[] NOTHING = {};

    /** The topics of a broker. */
    public static Sources kafka(JobConfig config) {
        return new Sources(
                source(config, Topic.CELLS, EventKind.CELLS, StartingOffsets.EARLIEST),
                source(config, Topic.SAMPLES, EventKind.SAMPLE, StartingOffsets.EARLIEST),
                source(config, Topic.LABELS, EventKind.LABEL, StartingOffsets.EARLIEST),
                source(config, Topic.CONTROL, EventKind.CONTROL, StartingOffsets.EARLIEST),
                // What an earlier job left there says nothing of the bags of this one.
                source(config, Topic.POSTERIOR, EventKind.POSTERIOR, StartingOffsets.LATEST));
    }

    private static Source<BagEvent, ?, ?> source(JobConfig config, Topic topic, EventKind kind, StartingOffsets start) {
        return source(config, "gmil-" + config.study(), topic, kind, start);
    }

    /** @param group that commits its offsets to the broker, for monitoring */
    static Source<BagEvent, ?, ?> source(
            JobConfig config, String group, Topic topic, EventKind kind, StartingOffsets start) {
        return GmilSources.source(
                config.kafkaConfig(),
                topic,
                group,
                start,
                reader(kind, config.shards()),
                new AvroTypeInfo<>(BagEvent.class));
    }

    /** Makes an event of a record. One without key or value goes to some shard, which rejects it. */
    public static RecordReader<BagEvent> reader(EventKind kind, int shards) {
        Shards keys = new Shards(shards);
        return (topic, partition, offset, timestamp, key, value) -> {
            String patient = new String(key == null ? NOTHING : key, StandardCharsets.UTF_8);
            return BagEvent.newBuilder()
                    .setShard(keys.of(patient))
                    .setKind(kind)
                    .setTopic(topic)
                    .setPartition(partition)
                    .setOffset(offset)
                    .setTimestamp(timestamp)
                    .setKey(patient)
                    .setValue(ByteBuffer.wrap(value == null ? NOTHING : value))
                    .build();
        };
    }
}
