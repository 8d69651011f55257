package io.gmil.kafka;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** What makes Kafka's broker a small local one, and the formatting of its directory. */
final class LocalBrokerSettings {

    static final String HOST = "127.0.0.1";

    private final Path dataDirectory;
    private final Properties properties = new Properties();

    LocalBrokerSettings(Path dataDirectory, int brokerPort, int controllerPort, Optional<ProxiedListener> proxied) {
        this.dataDirectory = dataDirectory;
        network(brokerPort, controllerPort);
        proxied.ifPresent(this::add);
        storage();
        singleNode();
    }

    KafkaConfig kafkaConfig() {
        return new KafkaConfig(properties, false);
    }

    /**
     * Writes the identity of a new cluster into the directory unless it has one.
     *
     * @throws IOException when the directory cannot be formatted, with Kafka's reason
     */
    void formatIfNew() throws IOException {
        if (Files.exists(logs().resolve("meta.properties"))) {
            return;
        }
        Path file = dataDirectory.resolve("broker.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            properties.store(writer, null);
        }
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int status;
        try (PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8)) {
            // Version 1 of transactions: with 2, every restored sink logs that it is fenced and data are lost. Neither
            // is.
            status = StorageTool.execute(
                    new String[] {
                        "format",
                        "--cluster-id",
                        Uuid.randomUuid().toString(),
                        "--config",
                        file.toString(),
                        "--feature",
                        "transaction.version=1"
                    },
                    out);
        }
        if (status != 0) {
            throw new IOException(
                    "directory " + dataDirectory + " cannot be formatted: " + said.toString(StandardCharsets.UTF_8));
        }
    }

    private Path logs() {
        return dataDirectory.resolve("logs");
    }

    private void network(int brokerPort, int controllerPort) {
        set("process.roles", "broker,controller");
        set("node.id", 1);
        set("listeners", "PLAINTEXT://" + HOST + ":" + brokerPort + ",CONTROLLER://" + HOST + ":" + controllerPort);
        set("advertised.listeners", "PLAINTEXT://" + HOST + ":" + brokerPort);
        set("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        set("controller.listener.names", "CONTROLLER");
        set("controller.quorum.voters", "1@" + HOST + ":" + controllerPort);
        set("num.network.threads", 2);
        set("num.io.threads", 4);
        // The system's own tuning of loopback sockets beats a fixed size.
        set("socket.send.buffer.bytes", -1);
        set("socket.receive.buffer.bytes", -1);
    }

    private void add(ProxiedListener proxied) {
        append("listeners", ",PROXIED://" + HOST + ":" + proxied.port());
        append("advertised.listeners", ",PROXIED://" + HOST + ":" + proxied.proxyPort());
        append("listener.security.protocol.map", ",PROXIED:PLAINTEXT");
        set("inter.broker.listener.name", "PLAINTEXT");
    }

    private void append(String key, String value) {
        set(key, properties.getProperty(key) + value);
    }

    private void storage() {
        set("log.dirs", logs().toString());
        set("message.max.bytes", Topic.MAX_RECORD_BYTES);
        set("replica.fetch.max.bytes", Topic.MAX_RECORD_BYTES);
        set("log.segment.bytes", 256 * 1024 * 1024);
        set("log.index.size.max.bytes", 1024 * 1024);
        // Kafka sets 128 MB of heap aside for compaction; one small topic is compacted here.
        set("log.cleaner.dedupe.buffer.size", 4 * 1024 * 1024);
        set("auto.create.topics.enable", false);
        set("num.partitions", 1);
    }

    private void singleNode() {
        set("default.replication.factor", 1);
        set("min.insync.replicas", 1);
        set("offsets.topic.replication.factor", 1);
        set("offsets.topic.num.partitions", 1);
        set("transaction.state.log.replication.factor", 1);
        set("transaction.state.log.min.isr", 1);
        set("transaction.state.log.num.partitions", 4);
        set("transaction.max.timeout.ms", 24 * 60 * 60 * 1000);
        set("share.coordinator.state.topic.replication.factor", 1);
        set("share.coordinator.state.topic.min.isr", 1);
        set("share.coordinator.state.topic.num.partitions", 1);
        set("group.initial.rebalance.delay.ms", 0);
    }

    private void set(String key, Object value) {
        properties.setProperty(key, value.toString());
    }
}
