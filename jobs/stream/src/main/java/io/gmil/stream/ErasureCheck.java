package io.gmil.stream;

import io.gmil.kafka.Topic;
import io.gmil.kafka.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether topics keep records of an erased patient for longer than the receipts say. */
final class ErasureCheck {

    private static final Logger LOG = LoggerFactory.getLogger(ErasureCheck.class);

    /** The others say nothing of a single patient. */
    private static final Set<Topic> OF_PATIENTS =
            EnumSet.complementOf(EnumSet.of(Topic.EVALUATIONS, Topic.POSTERIOR, Topic.POSTERIOR_HISTORY));

    private ErasureCheck() {}

    /** Warns of the topics of a learning job. They may be changed at any time, so that this is no reason not to start. */
    static void ofLearning(JobConfig config) {
        warn(config, OF_PATIENTS.stream().map(Topic::topicName).toList());
    }

    /** Warns of those that a score-only job writes. */
    static void ofScoring(JobConfig config) {
        String prefix = config.scoring().topics();
        warn(config, OF_PATIENTS.stream().map(topic -> topic.topicName(prefix)).toList());
    }

    private static void warn(JobConfig config, Collection<String> topics) {
        try (Admin admin = config.kafkaConfig().admin()) {
            problems(config.erasureCompleteAfter(), Topics.kept(admin, topics)).forEach(LOG::warn);
        } catch (KafkaException e) {
            LOG.warn("whether topics keep records for longer than erasure.complete-after is not known", e);
        }
    }

    /** @param kept how long a topic may keep a record, by name */
    static List<String> problems(Duration completeAfter, Map<String, Duration> kept) {
        return kept.entrySet().stream()
                .filter(topic -> topic.getValue().compareTo(completeAfter) > 0)
                .map(topic -> "topic %s: expected to keep records no longer than erasure.complete-after %s, got %s"
                        .formatted(topic.getKey(), text(completeAfter), text(topic.getValue())))
                .toList();
    }

    private static String text(Duration duration) {
        if (duration.equals(Topics.FOR_EVER)) {
            return "for ever";
        }
        return duration.equals(Duration.ofDays(duration.toDays()))
                ? "P%dD".formatted(duration.toDays())
                : "" + duration;
    }
}
