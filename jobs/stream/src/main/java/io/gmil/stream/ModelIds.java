package io.gmil.stream;

import io.gmil.schema.Posterior;
import io.gmil.stream.state.ModelId;

/** Model keys and embedding keys as text: state keys and the keys of the posterior topic. */
public final class ModelIds {

    /** Starts the keys of scalers on the posterior topic. */
    public static final String SCALER_PREFIX = "scaler|";

    /** Starts the keys of scalers that carry a reference of bag means: they take the place of others of their kind alone. */
    public static final String REFERENCE_PREFIX = "reference|";

    private ModelIds() {}

    public static String key(ModelId id) {
        return join(id.getStudy(), id.getOutcome(), id.getEmbedding(), id.getEmbeddingVersion(), id.getScalerId());
    }

    public static String key(String study, String outcome, String embedding, String embeddingVersion, String scalerId) {
        return join(study, outcome, embedding, embeddingVersion, scalerId);
    }

    public static String key(Posterior posterior) {
        return join(
                posterior.getStudy(),
                posterior.getOutcome(),
                posterior.getEmbedding(),
                posterior.getEmbeddingVersion(),
                posterior.getScalerId());
    }

    public static String embedding(String study, String embedding, String version) {
        return join(study, embedding, version);
    }

    /** Bags whose moments are pooled for a scaler: of one embedding version and, lest a stray one spoil it, one width. */
    public static String pool(String study, String embedding, String version, int width) {
        return join(study, embedding, version, Integer.toString(width));
    }

    private static String join(String... parts) {
        StringBuilder key = new StringBuilder();
        for (String part : parts) {
            key.append(key.isEmpty() ? "" : "|").append(part.replace("%", "%25").replace("|", "%7C"));
        }
        return key.toString();
    }
}
