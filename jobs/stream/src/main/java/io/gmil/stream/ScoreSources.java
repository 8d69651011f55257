package io.gmil.stream;

import io.gmil.kafka.GmilSources;
import io.gmil.kafka.StartingOffsets;
import io.gmil.kafka.Topic;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.formats.avro.typeutils.AvroTypeInfo;

/**
 * What a score-only job reads.
 *
 * @param posterior all posteriors, also those to come
 * @param published those there were when the job started; ends with them
 * @param ordered the commands there were when the job started, among which the pins; ends with them
 */
public record ScoreSources(
        Source<BagEvent, ?, ?> cells,
        Source<BagEvent, ?, ?> samples,
        Source<BagEvent, ?, ?> control,
        Source<BagEvent, ?, ?> posterior,
        Source<BagEvent, ?, ?> published,
        Source<BagEvent, ?, ?> ordered) {

    /** The topics of a broker. */
    public static ScoreSources kafka(JobConfig config) {
        String group = "gmil-" + config.study() + "-score";
        return new ScoreSources(
                Sources.source(config, group, Topic.CELLS, EventKind.CELLS, StartingOffsets.EARLIEST),
                Sources.source(config, group, Topic.SAMPLES, EventKind.SAMPLE, StartingOffsets.EARLIEST),
                Sources.source(config, group, Topic.CONTROL, EventKind.CONTROL, StartingOffsets.EARLIEST),
                // From the start too: where the other one ends is not known here, and what comes twice does no harm.
                Sources.source(config, group, Topic.POSTERIOR, EventKind.POSTERIOR, StartingOffsets.EARLIEST),
                bounded(config, Topic.POSTERIOR, group + "-published", EventKind.POSTERIOR),
                bounded(config, Topic.CONTROL, group + "-ordered", EventKind.CONTROL));
    }

    private static Source<BagEvent, ?, ?> bounded(JobConfig config, Topic topic, String group, EventKind kind) {
        return GmilSources.boundedSource(
                config.kafkaConfig(),
                topic,
                group,
                Sources.reader(kind, config.shards()),
                new AvroTypeInfo<>(BagEvent.class));
    }
}
