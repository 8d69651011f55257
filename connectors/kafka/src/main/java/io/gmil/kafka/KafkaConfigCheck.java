package io.gmil.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;

/** Collects everything that is wrong with a {@link KafkaConfig}. */
final class KafkaConfigCheck {

    private static final Pattern SERVER = Pattern.compile("[^\\s:,/]+:\\d{1,5}|\\[[0-9a-fA-F:]+]:\\d{1,5}");
    private static final int HIGHEST_PORT = 65_535;

    private static final List<ConfigDef> CLIENTS =
            List.of(ConsumerConfig.configDef(), ProducerConfig.configDef(), AdminClientConfig.configDef());

    /** What sources and sinks decide themselves: changing these would break their guarantees. */
    private static final Set<String> OWN = Set.of(
            CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
            CommonClientConfigs.CLIENT_ID_CONFIG,
            ConsumerConfig.GROUP_ID_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ProducerConfig.ACKS_CONFIG,
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
            ProducerConfig.TRANSACTIONAL_ID_CONFIG,
            ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG);

    private final List<String> problems = new ArrayList<>();

    private KafkaConfigCheck() {}

    static KafkaConfigCheck of(Map<String, String> properties) {
        KafkaConfigCheck check = new KafkaConfigCheck();
        Map<String, String> options = new HashMap<>();
        new TreeMap<>(properties).forEach((key, value) -> {
            if (key.startsWith(KafkaConfig.PREFIX)) {
                options.put(key.substring(KafkaConfig.PREFIX.length()), value);
            } else {
                check.problems.add("unknown key " + key + ": expected one that begins with " + KafkaConfig.PREFIX);
            }
        });
        check.servers(options.remove(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
        String prefix = options.remove(KafkaConfig.TRANSACTIONAL_ID_PREFIX.substring(KafkaConfig.PREFIX.length()));
        check.prefix(prefix == null ? KafkaConfig.DEFAULT_TRANSACTIONAL_ID_PREFIX : prefix);
        check.timeout(options.remove(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG));
        check.options(options);
        return check;
    }

    static KafkaConfigCheck of(String servers, Map<String, String> options, String prefix, Duration timeout) {
        KafkaConfigCheck check = new KafkaConfigCheck();
        check.servers(servers);
        check.prefix(prefix);
        check.timeout(timeout.toMillis());
        check.options(options);
        return check;
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    void orThrow() {
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
    }

    private void servers(String servers) {
        if (servers == null || servers.isBlank()) {
            problems.add(KafkaConfig.BOOTSTRAP_SERVERS + ": expected host:port, got nothing");
            return;
        }
        for (String server : servers.split(",", -1)) {
            String trimmed = server.trim();
            boolean sound = SERVER.matcher(trimmed).matches()
                    && Integer.parseInt(trimmed.substring(trimmed.lastIndexOf(':') + 1)) <= HIGHEST_PORT;
            if (!sound) {
                problems.add(KafkaConfig.BOOTSTRAP_SERVERS + ": expected host:port, got '" + trimmed + "'");
            }
        }
    }

    private void prefix(String prefix) {
        if (prefix.isBlank()) {
            problems.add(KafkaConfig.TRANSACTIONAL_ID_PREFIX + ": expected a name, got nothing");
        }
    }

    private void timeout(String millis) {
        if (millis == null) {
            return;
        }
        try {
            timeout(Long.parseLong(millis.trim()));
        } catch (NumberFormatException e) {
            problems.add(KafkaConfig.TRANSACTION_TIMEOUT + ": expected milliseconds, got '" + millis + "'");
        }
    }

    private void timeout(long millis) {
        if (millis < 1 || millis > Integer.MAX_VALUE) {
            problems.add(KafkaConfig.TRANSACTION_TIMEOUT + ": expected 1 to " + Integer.MAX_VALUE
                    + " milliseconds, got " + millis);
        }
    }

    private void options(Map<String, String> options) {
        new TreeMap<>(options).forEach((option, value) -> {
            if (OWN.contains(option)) {
                problems.add(KafkaConfig.PREFIX + option + ": is set by gmil, cannot be changed");
            } else if (CLIENTS.stream().noneMatch(client -> client.names().contains(option))) {
                problems.add("unknown key " + KafkaConfig.PREFIX + option + ": no Kafka client has such an option");
            } else {
                value(option, value);
            }
        });
    }

    private void value(String option, String value) {
        for (ConfigDef client : CLIENTS) {
            if (!client.names().contains(option)) {
                continue;
            }
            for (ConfigValue checked : client.validate(Map.of(option, value))) {
                if (checked.name().equals(option) && !checked.errorMessages().isEmpty()) {
                    problems.add(KafkaConfig.PREFIX + option + ": "
                            + checked.errorMessages().get(0));
                    return;
                }
            }
        }
    }
}
