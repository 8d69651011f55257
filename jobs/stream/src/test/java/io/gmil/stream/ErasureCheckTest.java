package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.kafka.Topic;
import io.gmil.kafka.Topics;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Test;

class ErasureCheckTest {

    /** What the broker needs to look for segments that are due, and to delete their files. */
    private static final Duration BROKER = Duration.ofHours(1);

    @Test
    void noTopicThatGmilCreatesKeepsARecordUntilItsErasureIsComplete() {
        Duration completeAfter = Events.config(Map.of()).erasureCompleteAfter();
        for (Topic topic : Topic.values()) {
            Map<String, String> configs = topic.configs();
            if (!topic.compacted()) {
                Duration kept = millis(configs, TopicConfig.RETENTION_MS_CONFIG)
                        .plus(millis(configs, TopicConfig.SEGMENT_MS_CONFIG));
                assertThat(kept.plus(BROKER)).as(topic.topicName()).isLessThan(completeAfter);
            }
        }
    }

    private static Duration millis(Map<String, String> configs, String name) {
        assertThat(configs).containsKey(name);
        return Duration.ofMillis(Long.parseLong(configs.get(name)));
    }

    @Test
    void topicsThatKeepRecordsForLongerAreNamed() {
        Map<String, Duration> kept =
                Map.of("gmil.cells", Duration.ofDays(30), "gmil.labels", Duration.ofHours(30 * 24 + 1));
        assertThat(ErasureCheck.problems(Duration.ofDays(30), kept))
                .containsExactly(
                        "topic gmil.labels: expected to keep records no longer than erasure.complete-after P30D, got PT721H");
        assertThat(ErasureCheck.problems(Duration.ofDays(30), Map.of("gmil.audit", Topics.FOR_EVER)))
                .containsExactly(
                        "topic gmil.audit: expected to keep records no longer than erasure.complete-after P30D, got for ever");
    }
}
