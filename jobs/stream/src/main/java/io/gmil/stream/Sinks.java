package io.gmil.stream;

import io.gmil.kafka.GmilSinks;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Topic;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.Audit;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Evaluation;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.Scaler;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;

/** Where the learning job writes. */
public record Sinks(
        Sink<Prediction> predictions,
        Sink<AttentionSummary> attention,
        Sink<Evaluation> evaluations,
        Sink<PosteriorMessage> posterior,
        Sink<PosteriorMessage> history,
        Sink<Audit> audit,
        Sink<DeadLetter> deadLetters) {

    /**
     * The topics of a broker: exactly once, but for the posterior. That one is sent at once and perhaps twice: it only
     * says where to linearise, and a transaction would delay every turn of the loop by a checkpoint.
     */
    public static Sinks kafka(JobConfig config) {
        KafkaConfig kafka = config.kafkaConfig();
        DeliveryGuarantee once = DeliveryGuarantee.EXACTLY_ONCE;
        return new Sinks(
                GmilSinks.sink(kafka, Topic.PREDICTIONS, Prediction::getPatientId, Prediction.class, once),
                GmilSinks.sink(kafka, Topic.ATTENTION, AttentionSummary::getPatientId, AttentionSummary.class, once),
                GmilSinks.sink(kafka, Topic.EVALUATIONS, Evaluation::getOutcome, Evaluation.class, once),
                GmilSinks.sink(
                        kafka, Topic.POSTERIOR, Sinks::key, PosteriorMessage.class, DeliveryGuarantee.AT_LEAST_ONCE),
                GmilSinks.sink(kafka, Topic.POSTERIOR_HISTORY, Sinks::key, PosteriorMessage.class, once),
                GmilSinks.sink(kafka, Topic.AUDIT, Audit::getOutcome, Audit.class, once),
                GmilSinks.sink(kafka, Topic.DEAD_LETTERS, Sinks::key, DeadLetter.class, once));
    }

    private static String key(PosteriorMessage message) {
        return message.getBody() instanceof Scaler scaler
                ? (scaler.getBagMeans() == null ? ModelIds.SCALER_PREFIX : ModelIds.REFERENCE_PREFIX)
                        + ModelIds.embedding(scaler.getStudy(), scaler.getEmbedding(), scaler.getEmbeddingVersion())
                : ModelIds.key((Posterior) message.getBody());
    }

    static String key(DeadLetter letter) {
        return letter.getKey() == null ? "" : letter.getKey();
    }
}
