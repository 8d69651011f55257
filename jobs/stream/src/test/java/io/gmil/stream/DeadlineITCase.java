package io.gmil.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.gmil.kafka.GmilProducer;
import io.gmil.kafka.GmilReader;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.LocalBroker;
import io.gmil.kafka.Received;
import io.gmil.kafka.Topic;
import io.gmil.kafka.Topics;
import io.gmil.schema.ControlKind;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Scaler;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.execution.JobClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Deadlines on the production graph: neither idle partitions nor the posterior's own topic may hold them up. */
class DeadlineITCase {

    @TempDir
    private Path directory;

    @Test
    @Timeout(120)
    void anIncompleteBagIsRejectedWithInputAndWithout() throws Exception {
        try (LocalBroker broker = LocalBroker.start(directory.resolve("kafka"), 0);
                LocalCluster cluster = LocalCluster.start(0, 2, directory.resolve("flink"))) {
            JobConfig config = config(broker);
            try (var admin = config.kafkaConfig().admin()) {
                Topics.create(admin);
            }
            JobClient job = cluster.submit(config);
            try (GmilProducer producer = GmilProducer.open(config.kafkaConfig());
                    GmilReader letters =
                            GmilReader.open(config.kafkaConfig(), Isolation.UNCOMMITTED, Set.of(Topic.DEAD_LETTERS))) {
                producer.send(Events.command("scaler", ControlKind.SET_SCALER)
                        .setScaler((Scaler) Events.scaler(config).getBody())
                        .build());
                send(producer, new TestBag("quiet", "p1", 0, 2), 1);
                DeadLetter byWallClock = awaitLetter(letters, null);
                assertThat(byWallClock.getSampleId()).isEqualTo("quiet");

                // From now on the patient's shard is never quiet, so that only event time can strike.
                send(producer, new TestBag("busy", "p1", 0, 2), 1);
                DeadLetter byEventTime = awaitLetter(letters, producer);
                assertThat(byEventTime.getSampleId()).isEqualTo("busy");
                assertThat(byEventTime.getCause()).contains("chunks 1 of 2", "2 of 4 cells");
            }
            job.cancel().get();
        }
    }

    /** @param producer sends a complete bag of the same patient at every look, unless it is null */
    private static DeadLetter awaitLetter(GmilReader letters, GmilProducer producer) throws Exception {
        for (int look = 0; ; look++) {
            if (producer != null) {
                send(producer, new TestBag("complete-" + look, "p1", 0, 1), 1);
            }
            for (Received received : letters.poll(Duration.ofMillis(200))) {
                return (DeadLetter) received.value();
            }
        }
    }

    private static void send(GmilProducer producer, TestBag bag, int chunks) {
        for (int chunk = 0; chunk < chunks; chunk++) {
            producer.send(bag.chunk(chunk).build());
        }
        producer.send(bag.manifest().build());
        producer.flush();
    }

    private JobConfig config(LocalBroker broker) {
        return Events.config(Map.of(
                "parallelism",
                "2",
                "bag.deadline",
                "2s",
                "checkpoint.interval",
                "1s",
                "checkpoint.directory",
                directory.resolve("checkpoints").toUri().toString(),
                KafkaConfig.BOOTSTRAP_SERVERS,
                broker.bootstrapServers()));
    }
}
