package io.gmil.kafka;

import io.gmil.schema.AttentionSummary;
import io.gmil.schema.Audit;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Evaluation;
import io.gmil.schema.Label;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.SampleManifest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.common.config.TopicConfig;

/** The topics of the system, what each carries and how each is kept. */
public enum Topic {
    /** Blocks of cells, keyed by patient. */
    CELLS("gmil.cells", CellChunk.class, 4, 30),
    /** What a complete sample consists of, keyed by patient. */
    SAMPLES("gmil.samples", SampleManifest.class, 2, 365),
    /** Known outcomes, keyed by patient. */
    LABELS("gmil.labels", Label.class, 2, 365),
    /** Commands of an operator; one partition, so that they keep their order. */
    CONTROL("gmil.control", Control.class, 1, 365),
    /** Predictions, keyed by patient. */
    PREDICTIONS("gmil.predictions", Prediction.class, 2, 365),
    /** Which cells the predictions rest on, keyed by patient. */
    ATTENTION("gmil.attention", AttentionSummary.class, 2, 365),
    /** Prequential figures, keyed by model. */
    EVALUATIONS("gmil.evaluations", Evaluation.class, 1, 365),
    /** The newest posterior of every model; compacted, one partition, so that versions keep their order. */
    POSTERIOR("gmil.posterior", PosteriorMessage.class, 1, 0),
    /** Earlier posteriors, for rolling back. */
    POSTERIOR_HISTORY("gmil.posterior-history", PosteriorMessage.class, 1, 365),
    /** How each posterior came about. */
    AUDIT("gmil.audit", Audit.class, 1, 365),
    /** Records that could not be used, with the cause. */
    DEAD_LETTERS("gmil.dead-letters", DeadLetter.class, 1, 90);

    /** Largest record of any topic in bytes, as producers, brokers and consumers are told. */
    public static final int MAX_RECORD_BYTES = 8 * 1024 * 1024;

    /** Begins every name. */
    public static final String PREFIX = "gmil";

    private static final int POSTERIOR_SEGMENT_BYTES = 64 * 1024 * 1024;

    /**
     * A record stays until the youngest of its segment is older than the retention: with the week that is Kafka's default it
     * could outlast that by a week.
     */
    private static final Duration SEGMENT = Duration.ofDays(1);

    private final String topicName;
    private final Class<? extends SpecificRecordBase> recordClass;
    private final int partitions;
    private final int retentionDays;

    Topic(String topicName, Class<? extends SpecificRecordBase> recordClass, int partitions, int retentionDays) {
        this.topicName = topicName;
        this.recordClass = recordClass;
        this.partitions = partitions;
        this.retentionDays = retentionDays;
    }

    /** The name on the broker. */
    public String topicName() {
        return topicName;
    }

    /** The name of its counterpart that a score-only job writes: {@code gmil} at the beginning is replaced. */
    public String topicName(String prefix) {
        return prefix + topicName.substring(PREFIX.length());
    }

    /** The type of the values. */
    public Class<? extends SpecificRecordBase> recordClass() {
        return recordClass;
    }

    /** Partitions a new topic gets unless told otherwise. */
    public int partitions() {
        return partitions;
    }

    /** Whether only the newest record of a key is kept. */
    public boolean compacted() {
        return this == POSTERIOR;
    }

    /** Topic-level settings a new topic gets. */
    public Map<String, String> configs() {
        Map<String, String> configs = new LinkedHashMap<>();
        configs.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_RECORD_BYTES));
        if (compacted()) {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
            // Versions come every second or so and a new reader has to read what is left of them: clean early.
            configs.put(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(POSTERIOR_SEGMENT_BYTES));
            configs.put(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.1");
        } else {
            configs.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
            configs.put(
                    TopicConfig.RETENTION_MS_CONFIG,
                    Long.toString(Duration.ofDays(retentionDays).toMillis()));
            configs.put(TopicConfig.SEGMENT_MS_CONFIG, Long.toString(SEGMENT.toMillis()));
        }
        return configs;
    }

    /**
     * The topic of a name.
     *
     * @throws IllegalArgumentException when no topic has it
     */
    public static Topic named(String topicName) {
        for (Topic topic : values()) {
            if (topic.topicName.equals(topicName)) {
                return topic;
            }
        }
        throw new IllegalArgumentException("no topic of gmil is called '" + topicName + "'");
    }
}
