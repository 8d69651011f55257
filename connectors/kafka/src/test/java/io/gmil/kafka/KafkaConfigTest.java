package io.gmil.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaConfigTest {

    @Test
    void hasDefaults() {
        KafkaConfig config = KafkaConfig.from(Map.of("kafka.bootstrap.servers", "a:9092,b.example:9093"));

        assertThat(config).isEqualTo(KafkaConfig.at("a:9092,b.example:9093"));
        assertThat(config.transactionalIdPrefix()).isEqualTo("gmil");
        assertThat(config.transactionTimeout()).isEqualTo(Duration.ofHours(4));
    }

    @Test
    void handsOptionsToTheClientsThatKnowThem() {
        KafkaConfig config = KafkaConfig.from(Map.of(
                "kafka.bootstrap.servers", "a:9092",
                "kafka.transactional.id.prefix", "learn",
                "kafka.transaction.timeout.ms", "60000",
                "kafka.security.protocol", "SASL_SSL",
                "kafka.compression.type", "lz4"));

        assertThat(config.transactionalIdPrefix()).isEqualTo("learn");
        assertThat(config.transactionTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(config.consumer())
                .containsOnly(Map.entry("bootstrap.servers", "a:9092"), Map.entry("security.protocol", "SASL_SSL"));
        assertThat(config.producer())
                .containsEntry("compression.type", "lz4")
                .containsEntry("max.in.flight.requests.per.connection", "1")
                .hasSize(4);
    }

    @Test
    void reportsEveryProblemAtOnce() {
        assertThatThrownBy(() -> KafkaConfig.from(Map.of(
                        "kafka.bootstrap.servers", "a:9092,b",
                        "kafka.transactional.id.prefix", " ",
                        "kafka.transaction.timeout.ms", "4 hours",
                        "kafka.secutity.protocol", "SSL",
                        "kafka.acks", "1",
                        "kafka.max.in.flight.requests.per.connection", "5",
                        "kafka.compression.type", "rar",
                        "model.width", "30")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(
                        "kafka.bootstrap.servers: expected host:port, got 'b'",
                        "kafka.transactional.id.prefix: expected a name, got nothing",
                        "kafka.transaction.timeout.ms: expected milliseconds, got '4 hours'",
                        "unknown key kafka.secutity.protocol",
                        "kafka.acks: is set by gmil",
                        "kafka.max.in.flight.requests.per.connection: is set by gmil",
                        "kafka.compression.type: Invalid value rar",
                        "unknown key model.width");
    }

    @Test
    void needsServers() {
        assertThat(KafkaConfig.problems(Map.of()))
                .containsExactly("kafka.bootstrap.servers: expected host:port, got nothing");
        assertThat(KafkaConfig.problems(Map.of("kafka.bootstrap.servers", "a:99999")))
                .containsExactly("kafka.bootstrap.servers: expected host:port, got 'a:99999'");
        assertThat(KafkaConfig.problems(Map.of("kafka.bootstrap.servers", "[::1]:9092")))
                .isEmpty();
    }

    @Test
    void keepsTimeoutsWithinTheProtocol() {
        assertThat(KafkaConfig.problems(
                        Map.of("kafka.bootstrap.servers", "a:9092", "kafka.transaction.timeout.ms", "99999999999")))
                .containsExactly(
                        "kafka.transaction.timeout.ms: expected 1 to 2147483647 milliseconds, got 99999999999");
    }

    @Test
    void doesNotPrintSecrets() {
        KafkaConfig config = KafkaConfig.from(
                Map.of("kafka.bootstrap.servers", "a:9092", "kafka.sasl.jaas.config", "password='hidden'"));

        assertThat(config.toString()).contains("sasl.jaas.config").doesNotContain("hidden");
    }
}
