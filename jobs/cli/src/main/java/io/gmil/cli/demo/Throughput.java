package io.gmil.cli.demo;

import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Topic;
import io.gmil.kafka.TopicThroughput;
import java.util.Locale;
import org.apache.kafka.common.errors.InterruptException;

/**
 * How fast embeddings went from Kafka to predictions, beside a plain consumer that only reads the same topic.
 *
 * @param bytes of the embeddings, repeats not counted
 * @param jobSeconds the job's time for them; 0 where it was not measured
 * @param plainSeconds the consumer's time for the same topic
 */
record Throughput(long bytes, double jobSeconds, double plainSeconds) {

    /** A smaller topic is read before a consumer is warm. */
    private static final long LEAST_BYTES = 64_000_000;

    private static final double MEGABYTE = 1e6;

    static Throughput measure(Survey survey, long jobMillis, KafkaConfig kafka) throws InterruptedException {
        long bytes = survey.embeddingBytes();
        if (bytes < LEAST_BYTES || jobMillis <= 0) {
            return new Throughput(bytes, 0, 0);
        }
        try {
            TopicThroughput plain = TopicThroughput.measure(kafka, Topic.CELLS);
            return new Throughput(bytes, jobMillis / 1e3, plain.seconds());
        } catch (InterruptException e) {
            // Kafka sets the flag again, which would disturb the cleaning up.
            boolean ignored = Thread.interrupted();
            throw new InterruptedException(e.getMessage());
        }
    }

    /** One line for the closing table. */
    String line() {
        if (jobSeconds == 0) {
            return String.format(
                    Locale.ROOT,
                    "throughput: n/a (%.1f MB of embeddings are too few to tell; from %.0f MB on)",
                    bytes / MEGABYTE,
                    LEAST_BYTES / MEGABYTE);
        }
        return String.format(
                Locale.ROOT,
                "%.1f MB/s of embeddings from Kafka to predictions; a plain consumer of the same topic %.1f MB/s: %.0f %%",
                bytes / MEGABYTE / jobSeconds,
                bytes / MEGABYTE / plainSeconds,
                100 * plainSeconds / jobSeconds);
    }
}
