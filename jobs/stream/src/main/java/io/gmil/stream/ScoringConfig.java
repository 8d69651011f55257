package io.gmil.stream;

import io.gmil.kafka.Topic;
import java.io.Serializable;
import java.time.Duration;

/**
 * What concerns predictions alone.
 *
 * @param staleAfter age of an unsettled posterior at which predictions made with it are STALE
 * @param topics begins the names of the topics that a score-only job writes, in the place of {@code gmil}
 */
public record ScoringConfig(Duration staleAfter, String topics) implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final String TOPICS = "score.topics";

    static ScoringConfig of(Settings from) {
        ScoringConfig config =
                new ScoringConfig(from.duration("stale.after", Duration.ofHours(1)), from.text(TOPICS, "gmil.score"));
        if (!config.topics.matches("[A-Za-z0-9._-]{1,200}")) {
            from.problem("%s: expected letters, digits, '.', '_' and '-', got '%s'".formatted(TOPICS, config.topics));
        }
        if (config.topics.equals(Topic.PREFIX)) {
            from.problem("%s: expected another beginning than that of the learning job's topics, got '%s'"
                    .formatted(TOPICS, config.topics));
        }
        return config;
    }
}
