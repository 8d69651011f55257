package io.gmil.stream;

import io.gmil.kafka.GmilSinks;
import io.gmil.kafka.RecordKey;
import io.gmil.kafka.Topic;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.Audit;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Prediction;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;

/** Where a score-only job writes: exactly once, to topics of its own, so that nothing of the learning job is doubled. */
public record ScoreSinks(
        Sink<Prediction> predictions,
        Sink<AttentionSummary> attention,
        Sink<Audit> receipts,
        Sink<DeadLetter> deadLetters) {

    /** The topics of a broker. */
    public static ScoreSinks kafka(JobConfig config) {
        return new ScoreSinks(
                sink(config, Topic.PREDICTIONS, Prediction::getPatientId, Prediction.class),
                sink(config, Topic.ATTENTION, AttentionSummary::getPatientId, AttentionSummary.class),
                sink(config, Topic.AUDIT, Audit::getOutcome, Audit.class),
                sink(config, Topic.DEAD_LETTERS, Sinks::key, DeadLetter.class));
    }

    private static <T extends SpecificRecordBase> Sink<T> sink(
            JobConfig config, Topic topic, RecordKey<T> key, Class<T> type) {
        String name = topic.topicName(config.scoring().topics());
        return GmilSinks.sink(config.kafkaConfig(), topic, name, key, type, DeliveryGuarantee.EXACTLY_ONCE);
    }
}
