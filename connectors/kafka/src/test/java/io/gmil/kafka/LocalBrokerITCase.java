package io.gmil.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.schema.CellChunk;
import io.gmil.schema.Label;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LocalBrokerITCase {

    @TempDir
    static Path directory;

    private static LocalBroker broker;
    private static KafkaConfig config;

    @BeforeAll
    static void start() throws IOException {
        broker = LocalBroker.start(directory, 0);
        config = KafkaConfig.at(broker.bootstrapServers());
        try (Admin admin = config.admin()) {
            Topics.create(admin);
        }
    }

    @AfterAll
    static void stop() throws IOException {
        broker.close();
    }

    @Test
    void creatingTopicsAgainChangesNothing() throws Exception {
        try (Admin admin = config.admin()) {
            Topics.create(admin, 16);

            var topics = admin.describeTopics(List.of("gmil.cells", "gmil.posterior"))
                    .allTopicNames()
                    .get();
            assertThat(topics.get("gmil.cells").partitions()).hasSize(4);
            assertThat(topics.get("gmil.posterior").partitions()).hasSize(1);
            assertThat(admin.listTopics().names().get())
                    .hasSize(Topic.values().length)
                    .allMatch(name -> name.startsWith("gmil."));
        }
    }

    @Test
    void aTopicKeepsARecordForItsRetentionAndAsLongAsASegmentIsOpen(@TempDir Path other) throws Exception {
        try (LocalBroker another = LocalBroker.start(other, 0);
                Admin admin = KafkaConfig.at(another.bootstrapServers()).admin()) {
            admin.createTopics(List.of(
                            new NewTopic(Topic.LABELS.topicName(), 1, (short) 1)
                                    .configs(Map.of("retention.ms", "864000000")),
                            new NewTopic(Topic.SAMPLES.topicName(), 1, (short) 1)
                                    .configs(Map.of("retention.ms", "-1"))))
                    .all()
                    .get();
            Topics.create(admin);

            Map<String, Duration> kept = Topics.kept(
                    admin,
                    List.of("gmil.cells", "gmil.samples", "gmil.labels", "gmil.audit", "gmil.posterior", "absent"));
            assertThat(kept)
                    .isEqualTo(Map.of(
                            "gmil.cells", Duration.ofDays(31),
                            "gmil.samples", Topics.FOR_EVER,
                            "gmil.labels", Duration.ofDays(10 + 7),
                            "gmil.audit", Duration.ofDays(366)));
        }
    }

    @Test
    void topicsAreCreatedFromAPropertiesFile(@TempDir Path other) throws Exception {
        Path file = other.resolve("job.properties");
        Files.writeString(file, "study = x\nkafka.bootstrap.servers = " + broker.bootstrapServers() + "\n");

        assertThatCode(() -> CreateTopics.main(new String[] {file.toString(), "2"}))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> CreateTopics.main(new String[0])).hasMessageContaining("expected FILE");
    }

    @Test
    void uncommittedRecordsAreOnlySeenByThoseWhoAsk() throws IOException {
        AvroWire<Label> wire = AvroWire.of(Label.class);
        try (KafkaProducer<byte[], byte[]> producer = transactional();
                GmilReader committed = GmilReader.open(config, Isolation.COMMITTED, Set.of(Topic.LABELS));
                GmilReader uncommitted = GmilReader.open(config, Isolation.UNCOMMITTED, Set.of(Topic.LABELS))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (int i = 0; i < 5; i++) {
                var unused = producer.send(new ProducerRecord<>(
                        Topic.LABELS.topicName(), 0, null, wire.encode(Records.label("s" + i, i))));
            }
            producer.flush();

            assertThat(take(uncommitted, 5)).hasSize(5);
            assertThat(committed.endOffset(Topic.LABELS)).isZero();
            assertThat(committed.remaining()).isZero();

            producer.commitTransaction();

            assertThat(take(committed, 5))
                    .extracting(record -> ((Label) record.value()).getValue())
                    .containsExactly(0.0, 1.0, 2.0, 3.0, 4.0);
            // One more than the records: the marker of the commit.
            assertThat(committed.endOffset(Topic.LABELS)).isEqualTo(6);
            while (committed.remaining() > 0) {
                assertThat(committed.poll(Duration.ofSeconds(1))).isEmpty();
            }
            assertThat(TopicThroughput.measure(config, Topic.LABELS).records()).isEqualTo(5);
        }
    }

    @Test
    void writesEverythingIntoTopicsThatAreOnlyBeingCreated(@TempDir Path other) throws Exception {
        // Each round is a race that several requests in flight lose about every second time.
        for (int round = 0; round < 6; round++) {
            try (LocalBroker fresh = LocalBroker.start(other.resolve("round" + round), 0)) {
                KafkaConfig options = KafkaConfig.from(Map.of(
                        "kafka.bootstrap.servers", fresh.bootstrapServers(),
                        "kafka.linger.ms", "0",
                        "kafka.delivery.timeout.ms", "15000",
                        "kafka.request.timeout.ms", "10000"));
                Thread creator = new Thread(() -> {
                    try (Admin admin = options.admin()) {
                        Topics.create(admin);
                    }
                });
                creator.start();
                try (GmilProducer producer = GmilProducer.open(options)) {
                    for (int i = 0; i < 20_000; i++) {
                        producer.send(Records.label("s" + i, i));
                    }
                }
                creator.join();
                assertThat(TopicThroughput.measure(options, Topic.LABELS).records())
                        .isEqualTo(20_000);
            }
        }
    }

    @Test
    void reportsARecordThatCannotBeWrittenAtTheNextCall() {
        GmilProducer producer = GmilProducer.open(config);
        CellChunk tooLarge = Records.chunk("s1", 0, 3 * 1024 * 1024, 1);

        producer.send(tooLarge);

        assertThatThrownBy(producer::close)
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("key 'p-s1' was not written to gmil.cells");
    }

    @Test
    void damagedRecordsAreReportedWithTheirPlace() throws IOException {
        try (KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(config.producer(), new ByteArraySerializer(), new ByteArraySerializer());
                GmilReader reader = GmilReader.open(config, Isolation.COMMITTED, Set.of(Topic.AUDIT))) {
            var unused = producer.send(new ProducerRecord<>(Topic.AUDIT.topicName(), new byte[20]));
            producer.flush();

            assertThatThrownBy(() -> take(reader, 1))
                    .isInstanceOf(WireException.class)
                    .hasMessageStartingWith("gmil.audit-0@0: expected a Audit");
        }
    }

    @Test
    void boundsTheTransactionTimeoutByTheBroker() {
        try (Admin admin = config.admin()) {
            assertThat(config.fittedTo(admin)).isEqualTo(config);
            KafkaConfig longer = new KafkaConfig(config.bootstrapServers(), Map.of(), "x", Duration.ofDays(3));
            assertThat(longer.fittedTo(admin).transactionTimeout()).isEqualTo(Duration.ofDays(1));
        }
    }

    @Test
    void refusesADirectoryInUse() {
        assertThatThrownBy(() -> LocalBroker.start(directory, 0))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("belongs to a broker that is still running");
    }

    @Test
    void refusesATakenPort(@TempDir Path other) {
        int port = port(broker);

        assertThatThrownBy(() -> LocalBroker.start(other, port))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + port + " of 127.0.0.1 is taken");
    }

    @Test
    void restartKeepsTheData(@TempDir Path other) throws IOException {
        LocalBroker first = LocalBroker.start(other, 0);
        int port = port(first);
        KafkaConfig here = KafkaConfig.at(first.bootstrapServers());
        CellChunk chunk = Records.chunk("s1", 7, 4266, 30);
        try (Admin admin = here.admin();
                GmilProducer producer = GmilProducer.open(here)) {
            Topics.create(admin, 3);
            producer.send(chunk);
            producer.flush();
        }
        first.close();
        first.close();
        assertThatCode(() -> new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close())
                .doesNotThrowAnyException();

        try (LocalBroker second = LocalBroker.start(other, port);
                GmilReader reader = GmilReader.open(
                        KafkaConfig.at(second.bootstrapServers()), Isolation.COMMITTED, Set.of(Topic.CELLS))) {
            assertThat(second.bootstrapServers()).isEqualTo(here.bootstrapServers());
            assertThat(take(reader, 1)).singleElement().satisfies(record -> {
                assertThat(record.value()).isEqualTo(chunk);
                assertThat(record.key()).isEqualTo("p-s1");
                assertThat(record.topic()).isEqualTo(Topic.CELLS);
            });
            assertThat(TopicThroughput.measure(here, Topic.CELLS).records()).isEqualTo(1);
        }
    }

    @Test
    void clientsThatComeThroughAProxyAreToldToKeepComingByIt(@TempDir Path other) throws Exception {
        int main;
        int behind;
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket two = new ServerSocket(0)) {
            main = one.getLocalPort();
            behind = two.getLocalPort();
        }
        // In place of a proxy, the broker's first way in.
        try (LocalBroker proxied = LocalBroker.start(other, main, Optional.of(new ProxiedListener(behind, main)));
                Admin admin = KafkaConfig.at("127.0.0.1:" + behind).admin()) {
            KafkaFuture<Collection<Node>> advertised = admin.describeCluster().nodes();
            assertThat(port(proxied)).isEqualTo(main);
            assertThat(advertised.get()).singleElement().extracting(Node::port).isEqualTo(main);
        }
    }

    @Test
    void refusesAPosteriorTopicThatLosesItsRecords(@TempDir Path other) throws Exception {
        try (LocalBroker broken = LocalBroker.start(other, 0);
                Admin admin = KafkaConfig.at(broken.bootstrapServers()).admin()) {
            admin.createTopics(List.of(new NewTopic(Topic.POSTERIOR.topicName(), 1, (short) 1)))
                    .all()
                    .get();

            assertThatThrownBy(() -> Topics.create(admin))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("topic gmil.posterior exists with cleanup.policy=delete, expected compact");
        }
    }

    private static KafkaProducer<byte[], byte[]> transactional() {
        Properties properties = config.producer();
        properties.setProperty("transactional.id", "test");
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<Received> take(GmilReader reader, int count) throws WireException {
        List<Received> received = new ArrayList<>();
        while (received.size() < count) {
            received.addAll(reader.poll(Duration.ofSeconds(1)));
        }
        return received;
    }

    private static int port(LocalBroker of) {
        return Integer.parseInt(of.bootstrapServers().substring("127.0.0.1:".length()));
    }
}
