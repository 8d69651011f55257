package io.gmil.stream;

import java.io.Serializable;

/**
 * Which saved model the job begins with.
 *
 * @param directory URI of its directory; empty for none
 * @param embedding as records name its embedding; empty where they name it as the model does
 * @param embeddingVersion the version on these records
 */
public record InitialModelConfig(String directory, String embedding, String embeddingVersion) implements Serializable {

    /** The setting that names the directory. */
    static final String DIRECTORY = "initial-model";

    private static final String EMBEDDING = DIRECTORY + ".embedding";
    private static final String EMBEDDING_VERSION = DIRECTORY + ".embedding-version";
    private static final long serialVersionUID = 1L;

    static InitialModelConfig of(Settings from) {
        InitialModelConfig config = new InitialModelConfig(
                from.text(DIRECTORY, ""), from.text(EMBEDDING, ""), from.text(EMBEDDING_VERSION, ""));
        if (config.directory.isEmpty() && !(config.embedding.isEmpty() && config.embeddingVersion.isEmpty())) {
            from.problem(EMBEDDING + " and " + EMBEDDING_VERSION + " need " + DIRECTORY);
        }
        return config;
    }
}
