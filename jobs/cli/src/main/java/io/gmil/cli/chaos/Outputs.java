package io.gmil.cli.chaos;

import io.gmil.cli.cluster.ClusterException;
import io.gmil.kafka.GmilReader;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Received;
import io.gmil.kafka.Topic;
import io.gmil.kafka.WireException;
import io.gmil.schema.Audit;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.ErasureReceipt;
import io.gmil.schema.Posterior;
import io.gmil.schema.PosteriorMessage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What a job has put out, as a consumer of committed records sees it. Reads whenever something is waited for. */
final class Outputs implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(20);

    private final GmilReader committed;
    private final GmilReader posteriors;
    private final GmilReader early;
    private final Map<String, Integer> arrivals = new HashMap<>();
    private final Map<String, Map<String, Prediction>> finals = new HashMap<>();
    private final Map<String, ErasureReceipt> receipts = new HashMap<>();
    private final Set<String> seenEarly = new HashSet<>();
    private int deadLetters;
    private int doubledFinals;
    private Posterior newest;

    Outputs(KafkaConfig kafka) {
        committed =
                GmilReader.open(kafka, Isolation.COMMITTED, Set.of(Topic.PREDICTIONS, Topic.AUDIT, Topic.DEAD_LETTERS));
        posteriors = GmilReader.open(kafka, Isolation.UNCOMMITTED, Set.of(Topic.POSTERIOR));
        early = GmilReader.open(kafka, Isolation.UNCOMMITTED, Set.of(Topic.PREDICTIONS));
    }

    /**
     * Reads until something holds.
     *
     * @throws ClusterException when it does not in time
     */
    void await(String what, Duration patience, BooleanSupplier holds) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new ClusterException("not within " + patience.toSeconds() + " s: " + what);
            }
            read();
        }
    }

    /** Takes in what there is. */
    void read() throws IOException {
        try {
            committed.poll(POLL).forEach(this::take);
            for (Received received : posteriors.poll(POLL)) {
                if (received.value() instanceof PosteriorMessage message
                        && message.getBody() instanceof Posterior posterior) {
                    newest = posterior;
                }
            }
            for (Received received : early.poll(Duration.ZERO)) {
                seenEarly.add(((Prediction) received.value()).getSampleId());
            }
        } catch (WireException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private void take(Received received) {
        if (received.value() instanceof Prediction prediction) {
            if (prediction.getKind() == PredictionKind.ARRIVAL) {
                arrivals.merge(prediction.getSampleId(), 1, Integer::sum);
            } else if (prediction.getKind() == PredictionKind.FINAL) {
                Prediction before = finals.computeIfAbsent(prediction.getCommandId(), absent -> new HashMap<>())
                        .put(prediction.getSampleId(), prediction);
                doubledFinals += before == null ? 0 : 1;
            }
        } else if (received.value() instanceof Audit audit && audit.getReceipt() != null) {
            receipts.put(audit.getReceipt().getCommandId(), audit.getReceipt());
        } else if (received.value() instanceof DeadLetter) {
            deadLetters++;
        }
    }

    boolean arrived(String sample) {
        return arrivals.containsKey(sample);
    }

    /** Whether a prediction has been made, committed or not. */
    boolean predicted(String sample) {
        return seenEarly.contains(sample);
    }

    /** Predictions beyond one for each sample and command. */
    int doubled() {
        return arrivals.values().stream().mapToInt(count -> count - 1).sum() + doubledFinals;
    }

    /** By sample. */
    Map<String, Prediction> finals(String command) {
        return finals.getOrDefault(command, Map.of());
    }

    Optional<ErasureReceipt> receipt(String command) {
        return Optional.ofNullable(receipts.get(command));
    }

    int deadLetters() {
        return deadLetters;
    }

    /** Whether the posterior rests on so many labelled bags. */
    boolean rests(int labelledBags) {
        return newest != null && newest.getSettled() && newest.getLabelledBags() == labelledBags;
    }

    String posterior() {
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
        early.close();
    }
}
