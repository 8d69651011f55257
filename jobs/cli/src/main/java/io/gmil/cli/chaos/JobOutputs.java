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
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.apache.avro.specific.SpecificRecordBase;

/** What a job puts out, as a consumer of committed records sees it. Reads whenever something is waited for. */
abstract class JobOutputs implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);

    private final GmilReader committed;
    private final GmilReader posteriors;
    private Posterior newest;

    /** @param topics of which committed records are taken */
    JobOutputs(KafkaConfig kafka, Set<Topic> topics) {
        committed = GmilReader.open(kafka, Isolation.COMMITTED, topics);
        posteriors = GmilReader.open(kafka, Isolation.UNCOMMITTED, Set.of(Topic.POSTERIOR));
    }

    /** Takes a committed record. */
    abstract void take(SpecificRecordBase record);

    /**
     * Reads until something holds.
     *
     * @throws ClusterException when it does not in time
     */
    final void await(String what, Duration patience, BooleanSupplier holds) throws IOException {
        if (!comes(patience, holds)) {
            throw new ClusterException("not within " + patience.toSeconds() + " s: " + what + " (" + posterior() + ")");
        }
    }

    /** Reads until something holds, and says whether it does in time. */
    final boolean comes(Duration patience, BooleanSupplier holds) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            read();
        }
        return true;
    }

    /** Takes in what there is. */
    final void read() throws IOException {
        try {
            committed.poll(POLL).forEach(received -> take(received.value()));
            readPosteriors();
            readMore();
        } catch (WireException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void readPosteriors() {
        try {
            for (Received received : posteriors.poll(POLL)) {
                if (received.value() instanceof PosteriorMessage message
                        && message.getBody() instanceof Posterior posterior) {
                    newest = posterior;
                }
            }
        } catch (WireException e) {
            // Poison, which a fault has put there; newer posteriors follow.
        }
    }

    /** Whether all that is committed by now has been taken. */
    final boolean caughtUp() {
        return committed.remaining() == 0;
    }

    /** Takes in what there is elsewhere. */
    void readMore() throws WireException {}

    /** Whether the posterior rests on so many labelled bags. */
    final boolean rests(int labelledBags) {
        return newest != null && newest.getSettled() && newest.getLabelledBags() == labelledBags;
    }

    final Optional<Posterior> newest() {
        return Optional.ofNullable(newest);
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
