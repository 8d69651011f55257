package io.gmil.cli.demo;

import io.gmil.cli.watch.Pace;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Topic;
import io.gmil.kafka.TopicThroughput;
import java.util.Locale;
import org.apache.kafka.common.errors.InterruptException;

/**
 * How fast embeddings went from Kafka to predictions, beside a plain consumer that only reads the same topic. The
 * consumer runs last, in a warm process, so what it is compared with is the later half of the job's work; the job's rate
 * from its cold start stands beside it.
 *
 * @param job megabytes of embeddings a second in the later half, repeats not counted; NaN where not measured
 * @param cold the same from the start of the job on
 * @param plain megabytes of embeddings a second that the consumer reads
 */
record Throughput(double job, double cold, double plain) {

    /** A smaller topic is read before a consumer is warm. */
    private static final double LEAST_BYTES = 64e6;

    private static final double MEGABYTE = 1e6;

    static Throughput measure(Pace pace, Survey survey, KafkaConfig kafka) throws InterruptedException {
        if (survey.embeddingBytes() < LEAST_BYTES || pace.warmSeconds() <= 0) {
            return new Throughput(Double.NaN, Double.NaN, Double.NaN);
        }
        double cell = (double) survey.embeddingBytes() / survey.cells() / MEGABYTE;
        try {
            TopicThroughput plain = TopicThroughput.measure(kafka, Topic.CELLS);
            return new Throughput(
                    cell * pace.warmCells() / pace.warmSeconds(),
                    cell * pace.cells() / pace.seconds(),
                    cell * survey.cells() / plain.seconds());
        } catch (InterruptException e) {
            // Kafka sets the flag again, which would disturb the cleaning up.
            boolean ignored = Thread.interrupted();
            throw new InterruptedException(e.getMessage());
        }
    }

    /** One line for the closing table. */
    String line() {
        if (Double.isNaN(job)) {
            return String.format(
                    Locale.ROOT,
                    "throughput: n/a (too few embeddings to tell; from %.0f MB on)",
                    LEAST_BYTES / MEGABYTE);
        }
        return String.format(
                Locale.ROOT,
                "%.1f MB/s of embeddings from Kafka to predictions (%.1f from a cold start on); a plain consumer of the"
                        + " same topic %.1f MB/s: %.0f %%",
                job,
                cold,
                plain,
                100 * job / plain);
    }
}
