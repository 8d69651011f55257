package io.gmil.cli.chaos;

import io.gmil.cli.chaos.DeadLetters.Expected;
import io.gmil.cli.chaos.DeadLetters.Place;
import io.gmil.cohort.Sample;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends what no producer of this project would, and remembers where it lies. */
final class PoisonOutlet implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** Has no samples, so that the model stays as it is. */
    private static final String ERASED = "erased-before-poison";

    private final ChaosRun run;
    private final KafkaProducer<byte[], byte[]> producer;

    PoisonOutlet(ChaosRun run) {
        this.run = run;
        Properties settings = new Properties();
        settings.setProperty(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, run.job().cluster().bootstrapServers());
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    void send(Random random) throws Exception {
        String command = run.erase(ERASED);
        run.outputs()
                .await("receipt of the erasure", PATIENCE, () -> run.outputs().early(command));
        List<Sample> known = run.training(0);
        Sample last = known.get(known.size() - 1);
        for (Poison poison : Poison.ofEveryKind(last, ERASED, random)) {
            Set<Place> places = new HashSet<>();
            for (ProducerRecord<byte[], byte[]> record : poison.records()) {
                RecordMetadata sent = producer.send(record).get();
                places.add(new Place(sent.topic(), sent.partition(), sent.offset()));
            }
            run.outputs().deadLetters().expect(new Expected(places, poison.cause()));
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
