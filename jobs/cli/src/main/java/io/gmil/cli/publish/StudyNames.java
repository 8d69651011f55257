package io.gmil.cli.publish;

/**
 * The names that every record of one demo carries.
 *
 * @param study study
 * @param outcome what is predicted
 * @param embedding name of the embedding
 * @param embeddingVersion its version
 */
public record StudyNames(String study, String outcome, String embedding, String embeddingVersion) {}
