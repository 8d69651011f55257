package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ClusterException;
import io.gmil.kafka.GmilReader;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Received;
import io.gmil.kafka.Topic;
import io.gmil.kafka.WireException;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecordBase;

/** What a job puts out, as a consumer of committed records sees it. Reads whenever something is waited for. */
abstract class JobOutputs implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);

    private final GmilReader committed;
    private final GmilReader posteriors;
    private Posterior newest;

    JobOutputs(KafkaConfig kafka) {
        committed =
                GmilReader.open(kafka, Isolation.COMMITTED, Set.of(Topic.PREDICTIONS, Topic.AUDIT, Topic.DEAD_LETTERS));
        posteriors = GmilReader.open(kafka, Isolation.UNCOMMITTED, Set.of(Topic.POSTERIOR));
    }

    /** Takes a committed prediction, audit record or dead letter. */
    abstract void take(SpecificRecordBase record);

    /**
     * Reads until something holds.
     *
     * @throws ClusterException when it does not in time
     */
    final void await(String what, Duration patience, BooleanSupplier holds) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new ClusterException(
                        "not within " + patience.toSeconds() + " s: " + what + " (" + posterior() + ")");
            }
            read();
        }
    }

    /** Takes in what there is. */
    final void read() throws IOException {
        try {
            committed.poll(POLL).forEach(received -> take(received.value()));
            for (Received received : posteriors.poll(POLL)) {
                if (received.value() instanceof PosteriorMessage message
                        && message.getBody() instanceof Posterior posterior) {
                    newest = posterior;
                }
            }
            readMore();
        } catch (WireException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** Takes in what there is elsewhere. */
    void readMore() throws WireException {}

    /** Whether the posterior rests on so many labelled bags. */
    final boolean rests(int labelledBags) {
        return newest != null && newest.getSettled() && newest.getLabelledBags() == labelledBags;
    }

    /** Labelled bags in the newest posterior. */
    final int labelledBags() {
        return newest == null ? 0 : newest.getLabelledBags();
    }

    final String posterior() {
        return newest == null
                ? "no posterior"
                : "version %d of %d labelled bags, %d stale, settled %s"
                        .formatted(
                                newest.getVersion(),
                                newest.getLabelledBags(),
                                newest.getStaleSites(),
                                newest.getSettled());
    }

    @Override
    public void close() {
        committed.close();
        posteriors.close();
    }
}
