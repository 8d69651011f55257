package io.gmil.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigResource;

/**
 * How to reach Kafka. Built from properties that all begin with {@code kafka.}: the three named here, and any client
 * option of Kafka by its own name ({@code kafka.security.protocol}), which is handed to the clients that know it.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param clientOptions further client options, without the prefix
 * @param transactionalIdPrefix begins the transactional ids of the job's sinks; unique to a job on a cluster and the same
 *     after each restart
 * @param transactionTimeout how long the broker keeps the output of a job that is down; what is not committed by then is
 *     lost, hence hours
 */
public record KafkaConfig(
        String bootstrapServers,
        Map<String, String> clientOptions,
        String transactionalIdPrefix,
        Duration transactionTimeout) {

    /** Begins every key. */
    public static final String PREFIX = "kafka.";

    /** {@code host:port} of one or more brokers, comma-separated; required. */
    public static final String BOOTSTRAP_SERVERS = PREFIX + CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG;

    /** Begins the transactional ids of the job; default {@code gmil}. */
    public static final String TRANSACTIONAL_ID_PREFIX = PREFIX + "transactional.id.prefix";

    /** Milliseconds; default 4 hours. The broker's {@code transaction.max.timeout.ms} must allow it. */
    public static final String TRANSACTION_TIMEOUT = PREFIX + ProducerConfig.TRANSACTION_TIMEOUT_CONFIG;

    static final String DEFAULT_TRANSACTIONAL_ID_PREFIX = "gmil";
    static final Duration DEFAULT_TRANSACTION_TIMEOUT = Duration.ofHours(4);

    /** Checks the parts; {@link #from} reports all problems of a file at once. */
    public KafkaConfig {
        clientOptions = Map.copyOf(clientOptions);
        KafkaConfigCheck.of(bootstrapServers, clientOptions, transactionalIdPrefix, transactionTimeout)
                .orThrow();
    }

    /** The defaults for a broker without security. */
    public static KafkaConfig at(String bootstrapServers) {
        return new KafkaConfig(
                bootstrapServers, Map.of(), DEFAULT_TRANSACTIONAL_ID_PREFIX, DEFAULT_TRANSACTION_TIMEOUT);
    }

    /**
     * Reads properties, all of which must be known.
     *
     * @throws IllegalArgumentException naming every problem
     */
    public static KafkaConfig from(Map<String, String> properties) {
        KafkaConfigCheck.of(properties).orThrow();
        Map<String, String> options = new HashMap<>();
        properties.forEach((key, value) -> options.put(key.substring(PREFIX.length()), value));
        options.keySet().removeIf(option -> Set.of(BOOTSTRAP_SERVERS, TRANSACTIONAL_ID_PREFIX, TRANSACTION_TIMEOUT)
                .contains(PREFIX + option));
        return new KafkaConfig(
                properties.get(BOOTSTRAP_SERVERS),
                options,
                properties.getOrDefault(TRANSACTIONAL_ID_PREFIX, DEFAULT_TRANSACTIONAL_ID_PREFIX),
                timeout(properties));
    }

    /** Every problem {@link #from} would report, for a caller that has settings of its own to check; empty if sound. */
    public static List<String> problems(Map<String, String> properties) {
        return KafkaConfigCheck.of(properties).problems();
    }

    private static Duration timeout(Map<String, String> properties) {
        String millis = properties.get(TRANSACTION_TIMEOUT);
        return millis == null ? DEFAULT_TRANSACTION_TIMEOUT : Duration.ofMillis(Long.parseLong(millis.trim()));
    }

    /** This configuration with another prefix of transactional ids. */
    public KafkaConfig withTransactionalIdPrefix(String prefix) {
        return new KafkaConfig(bootstrapServers, clientOptions, prefix, transactionTimeout);
    }

    /**
     * This configuration with a transaction timeout the broker accepts: a longer one would fail the job when its sinks
     * start.
     *
     * @throws org.apache.kafka.common.KafkaException when the broker cannot be asked
     */
    public KafkaConfig fittedTo(Admin admin) {
        var nodes = Topics.await("list the brokers", admin.describeCluster().nodes());
        String broker = nodes.iterator().next().idString();
        ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker);
        var settings = Topics.await(
                "read the settings of broker " + broker,
                admin.describeConfigs(List.of(resource)).values().get(resource));
        // The broker's option has no constant among the clients.
        long allowed = Long.parseLong(settings.get("transaction.max.timeout.ms").value());
        return allowed >= transactionTimeout.toMillis()
                ? this
                : new KafkaConfig(bootstrapServers, clientOptions, transactionalIdPrefix, Duration.ofMillis(allowed));
    }

    /** A client for topics and offsets; the caller closes it. */
    public Admin admin() {
        return Admin.create(properties(AdminClientConfig.configNames()));
    }

    /** Options of a consumer, without those that depend on its use. */
    Properties consumer() {
        return properties(ConsumerConfig.configNames());
    }

    /**
     * Options of a producer, without those that depend on its use.
     *
     * <p>One request at a time to each broker: with more, a broker without KAFKA-15591 may refuse the first request of a
     * partition that it has only just been given and accept the second, and the first is then out of order until it
     * expires, in spite of idempotence.
     */
    Properties producer() {
        Properties properties = properties(ProducerConfig.configNames());
        properties.setProperty(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
        return properties;
    }

    private Properties properties(Set<String> known) {
        Properties properties = new Properties();
        clientOptions.forEach((option, value) -> {
            if (known.contains(option)) {
                properties.setProperty(option, value);
            }
        });
        properties.setProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return properties;
    }

    /** Names the options without their values, which may be secrets. */
    @Override
    public String toString() {
        return "KafkaConfig[" + bootstrapServers + ", options "
                + new TreeMap<>(clientOptions).keySet() + ", transactions '" + transactionalIdPrefix + "' of "
                + transactionTimeout + "]";
    }
}
