package io.gmil.stream;

import io.gmil.kafka.AvroWire;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Topic;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.SampleManifest;
import io.gmil.schema.Scaler;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.EventKind;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;

/** Records as the sources hand them to the job, each at a place of its own. */
final class Events {

    static final String STUDY = "test";
    static final String OUTCOME = "Y";
    static final String EMBEDDING = "pca";
    static final int WIDTH = 3;
    static final int PARTITION = 5;

    /** Of each type of record; an instance belongs to one thread, and making one takes long. */
    private static final ThreadLocal<Map<Class<?>, AvroWire<?>>> WIRES = ThreadLocal.withInitial(HashMap::new);

    private final JobConfig config;
    private long offset = 100;
    private long time;

    Events(JobConfig config) {
        this.config = config;
    }

    /** A job of one binomial outcome, 8 shards, and refreshes that may always work. */
    static JobConfig config(Map<String, String> further) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "study",
                STUDY,
                "outcomes",
                OUTCOME + ":binomial:2",
                "shards",
                "8",
                "refresh.share",
                "1",
                KafkaConfig.BOOTSTRAP_SERVERS,
                "localhost:1"));
        settings.putAll(further);
        return JobConfig.of(settings);
    }

    /** Sets the time of the records that follow, in ms. */
    Events at(long millis) {
        time = millis;
        return this;
    }

    BagEvent chunk(CellChunk chunk) {
        return event(Topic.CELLS, EventKind.CELLS, chunk.getPatientId(), encode(chunk, CellChunk.class));
    }

    BagEvent manifest(SampleManifest manifest) {
        return event(Topic.SAMPLES, EventKind.SAMPLE, manifest.getPatientId(), encode(manifest, SampleManifest.class));
    }

    BagEvent label(Label label) {
        return event(Topic.LABELS, EventKind.LABEL, label.getPatientId(), encode(label, Label.class));
    }

    BagEvent scoreAll(String command, int topK) {
        return command(command(command, ControlKind.SCORE_ALL).setTopK(topK));
    }

    static Control.Builder command(String id, ControlKind kind) {
        return Control.newBuilder()
                .setCommandId(id)
                .setKind(kind)
                .setStudy(STUDY)
                .setIssuedAt(Instant.EPOCH);
    }

    BagEvent command(Control.Builder control) {
        return event(Topic.CONTROL, EventKind.CONTROL, "", encode(control.build(), Control.class));
    }

    BagEvent posterior(PosteriorMessage message) {
        String key = message.getBody() instanceof Scaler ? ModelIds.SCALER_PREFIX : "";
        return event(Topic.POSTERIOR, EventKind.POSTERIOR, key, encode(message, PosteriorMessage.class));
    }

    /** The place is counted up, so that a dead letter can be told to be that of this event. */
    BagEvent event(Topic topic, EventKind kind, String key, byte[] value) {
        return Sources.reader(kind, config.shards())
                .read(topic.topicName(), PARTITION, offset++, time, key.getBytes(StandardCharsets.UTF_8), value);
    }

    static <T extends SpecificRecord> byte[] encode(T record, Class<T> type) {
        @SuppressWarnings("unchecked")
        AvroWire<T> wire = (AvroWire<T>) WIRES.get().computeIfAbsent(type, absent -> AvroWire.of(type));
        return wire.encode(record);
    }

    /** A scaler that changes nothing but the factor of the width. */
    static PosteriorMessage scaler(JobConfig config) {
        int covariates = config.covariates().size();
        return new PosteriorMessage(Scaler.newBuilder()
                .setScalerId("s1")
                .setStudy(STUDY)
                .setEmbedding(EMBEDDING)
                .setEmbeddingVersion("1")
                .setCells(1)
                .setMean(Collections.nCopies(WIDTH, 0.0))
                .setSd(Collections.nCopies(WIDTH, 1.0))
                .setCovariates(List.copyOf(config.covariates()))
                .setCovariateMean(Collections.nCopies(covariates, 0.0))
                .setCovariateSd(Collections.nCopies(covariates, 1.0))
                .build());
    }
}
