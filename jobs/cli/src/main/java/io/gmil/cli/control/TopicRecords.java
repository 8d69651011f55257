package io.gmil.cli.control;

import io.gmil.kafka.GmilReader;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Received;
import io.gmil.kafka.Topic;
import io.gmil.kafka.WireException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Committed records of one topic, read for a command. */
final class TopicRecords {

    private static final Duration POLL = Duration.ofMillis(200);

    private TopicRecords() {}

    /** Gives what there is to {@code each}. */
    static <T> void forEach(KafkaConfig kafka, Topic topic, Class<T> type, Consumer<T> each) throws IOException {
        try (GmilReader reader = GmilReader.open(kafka, Isolation.COMMITTED, Set.of(topic))) {
            while (reader.remaining() > 0) {
                for (Received received : reader.poll(POLL)) {
                    each.accept(type.cast(received.value()));
                }
            }
        } catch (WireException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /**
     * Waits for a record.
     *
     * @return null where none came in time
     */
    static <T> T await(KafkaConfig kafka, Topic topic, Class<T> type, Predicate<T> wanted, Duration patience)
            throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (GmilReader reader = GmilReader.open(kafka, Isolation.COMMITTED, Set.of(topic))) {
            while (System.nanoTime() < deadline) {
                for (Received received : reader.poll(POLL)) {
                    T value = type.cast(received.value());
                    if (wanted.test(value)) {
                        return value;
                    }
                }
            }
            return null;
        } catch (WireException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
