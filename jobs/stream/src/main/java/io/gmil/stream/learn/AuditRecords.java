package io.gmil.stream.learn;

import io.gmil.schema.Audit;
import io.gmil.schema.LabelledSample;
import io.gmil.schema.ModelOrigin;
import io.gmil.stream.CodeVersion;
import io.gmil.stream.state.LearnerState;
import io.gmil.stream.state.ModelId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the audit topic is told of a version. */
final class AuditRecords {

    /** In a list of a record: of ids as long as they may be, all three together are below what the broker takes. */
    static final int LINES = 800;

    private AuditRecords() {}

    /**
     * The records of a version: one, or where its lists are long several, of which each has a part of every list and the first
     * one the rest.
     *
     * @param origin of the model; null for the prior
     */
    static List<Audit> of(LearnerState state, ModelOrigin origin, String fingerprint, Instant now) {
        int longest = Math.max(
                state.getAuditAdded().size(),
                Math.max(
                        state.getAuditRemoved().size(),
                        state.getAuditAlreadyLearnt().size()));
        List<Audit> records = new ArrayList<>();
        for (int from = 0; from == 0 || from < longest; from += LINES) {
            records.add(record(state, from, fingerprint, now)
                    .setOrigin(origin)
                    .setErasures(from == 0 ? List.copyOf(state.getAuditErasures()) : List.of())
                    .setRefreshed(from == 0 ? state.getAuditRefreshed() : 0)
                    .build());
        }
        return records;
    }

    private static Audit.Builder record(LearnerState state, int from, String fingerprint, Instant now) {
        ModelId model = state.getModel();
        return Audit.newBuilder()
                .setStudy(model.getStudy())
                .setOutcome(model.getOutcome())
                .setEmbedding(model.getEmbedding())
                .setEmbeddingVersion(model.getEmbeddingVersion())
                .setScalerId(model.getScalerId())
                .setGeneration(state.getGeneration())
                .setVersion(state.getVersion())
                .setPreviousGeneration(state.getPreviousGeneration())
                .setPreviousVersion(state.getPreviousVersion())
                .setAdded(samples(state.getAuditAdded(), from))
                .setRemoved(samples(state.getAuditRemoved(), from))
                .setAlreadyLearnt(samples(state.getAuditAlreadyLearnt(), from))
                .setCodeVersion(CodeVersion.CURRENT)
                .setConfigFingerprint(fingerprint)
                .setPublishedAt(now);
    }

    private static List<LabelledSample> samples(List<String> lines, int from) {
        return lines.stream().skip(from).limit(LINES).map(AuditLine::parse).toList();
    }
}
