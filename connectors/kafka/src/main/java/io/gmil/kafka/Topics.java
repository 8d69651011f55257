package io.gmil.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates the topics of the system on a broker. */
public final class Topics {

    /** What a score-only job writes. */
    private static final Set<Topic> SCORED =
            EnumSet.of(Topic.PREDICTIONS, Topic.ATTENTION, Topic.AUDIT, Topic.DEAD_LETTERS);

    /** The time that a topic keeps its records where it deletes none. */
    public static final Duration FOR_EVER = Duration.ofMillis(Long.MAX_VALUE);

    private static final int ASK_MILLIS = 5000;

    private Topics() {}

    /** Creates every topic with its default number of partitions. */
    public static void create(Admin admin) {
        create(admin, Topic.CELLS.partitions());
    }

    /**
     * Creates the topics that do not exist yet, with the broker's default replication. An existing topic is left as it is.
     *
     * @param cellPartitions partitions of {@link Topic#CELLS}, at least 1
     * @throws IllegalStateException when {@link Topic#POSTERIOR} exists and is not compacted: the learner would lose its
     *     posterior to retention
     * @throws KafkaException when the broker refuses or cannot be reached
     */
    public static void create(Admin admin, int cellPartitions) {
        if (cellPartitions < 1) {
            throw new IllegalArgumentException(
                    "partitions of " + Topic.CELLS.topicName() + ": expected at least 1, got " + cellPartitions);
        }
        Map<Topic, KafkaFuture<Void>> pending = new EnumMap<>(Topic.class);
        Map<String, KafkaFuture<Void>> created =
                admin.createTopics(newTopics(cellPartitions)).values();
        created.forEach((name, result) -> pending.put(Topic.named(name), result));
        pending.forEach((topic, result) -> {
            if (!isNew(topic.topicName(), result) && topic.compacted()) {
                requireCompacted(admin, topic);
            }
        });
    }

    /**
     * Creates those topics of a score-only job that do not exist yet. Asks for them first: where all are there, the right to
     * list topics is enough.
     *
     * @param prefix takes the place of {@link Topic#PREFIX} in their names
     * @throws KafkaException when the broker refuses or cannot be reached
     */
    public static void createScored(Admin admin, String prefix) {
        Set<String> known = await("list the topics", admin.listTopics().names());
        List<NewTopic> missing = SCORED.stream()
                .filter(topic -> !known.contains(topic.topicName(prefix)))
                .map(topic -> new NewTopic(topic.topicName(prefix), Optional.of(topic.partitions()), Optional.empty())
                        .configs(topic.configs()))
                .toList();
        admin.createTopics(missing).values().forEach((name, result) -> isNew(name, result));
    }

    /**
     * How long each of some topics may keep a record: its retention and the time that a segment is open. A topic that does
     * not exist, or that keeps the newest record of each key, is left out.
     *
     * @return by name; {@link #FOR_EVER} where nothing is deleted
     * @throws KafkaException when the broker refuses or cannot be reached
     */
    public static Map<String, Duration> kept(Admin admin, Collection<String> names) {
        Set<String> known = await(
                "list the topics",
                admin.listTopics(new ListTopicsOptions().timeoutMs(ASK_MILLIS)).names());
        List<ConfigResource> resources = names.stream()
                .filter(known::contains)
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Duration> kept = new TreeMap<>();
        Map<ConfigResource, Config> configs = await(
                "read the settings of topics",
                admin.describeConfigs(resources, new DescribeConfigsOptions().timeoutMs(ASK_MILLIS))
                        .all());
        configs.forEach((resource, config) -> {
            String policy = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
            if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
                kept.put(resource.name(), kept(config, policy));
            }
        });
        return kept;
    }

    private static Duration kept(Config config, String policy) {
        long retention = Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG));
        long segment = Long.parseLong(value(config, TopicConfig.SEGMENT_MS_CONFIG));
        boolean deletes = policy.contains(TopicConfig.CLEANUP_POLICY_DELETE) && retention >= 0;
        return deletes && retention < Long.MAX_VALUE - segment ? Duration.ofMillis(retention + segment) : FOR_EVER;
    }

    private static String value(Config config, String name) {
        return config.get(name).value();
    }

    private static Collection<NewTopic> newTopics(int cellPartitions) {
        List<NewTopic> topics = new ArrayList<>();
        for (Topic topic : Topic.values()) {
            int partitions = topic == Topic.CELLS ? cellPartitions : topic.partitions();
            topics.add(new NewTopic(topic.topicName(), Optional.of(partitions), Optional.empty())
                    .configs(topic.configs()));
        }
        return topics;
    }

    private static boolean isNew(String topic, KafkaFuture<Void> result) {
        try {
            await("create topic " + topic, result);
            return true;
        } catch (KafkaException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    private static void requireCompacted(Admin admin, Topic topic) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
        Config config = await(
                "read the settings of topic " + topic.topicName(),
                admin.describeConfigs(List.of(resource)).values().get(resource));
        String policy = value(config, TopicConfig.CLEANUP_POLICY_CONFIG);
        if (!policy.equals(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new IllegalStateException("topic " + topic.topicName() + " exists with "
                    + TopicConfig.CLEANUP_POLICY_CONFIG + "=" + policy + ", expected "
                    + TopicConfig.CLEANUP_POLICY_COMPACT);
        }
    }

    /** Waits for an answer of the broker; a failure becomes a {@link KafkaException} that says what was asked. */
    static <T> T await(String what, KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            throw new InterruptException("interrupted: " + what, e);
        } catch (ExecutionException e) {
            throw new KafkaException("could not " + what + ": " + e.getCause().getMessage(), e.getCause());
        }
    }
}
