package io.gmil.cli.chaos;

import io.gmil.kafka.GmilReader;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Received;
import io.gmil.kafka.Topic;
import io.gmil.kafka.WireException;
import io.gmil.schema.Audit;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.ErasureReceipt;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;

/** What the job of a {@link ChaosRun} has put out, by sample and command. */
final class Outputs extends JobOutputs {

    private final GmilReader early;
    private final Map<String, Integer> arrivals = new HashMap<>();
    private final Map<String, Map<String, Prediction>> finals = new HashMap<>();
    private final Map<String, ErasureReceipt> receipts = new HashMap<>();
    private final Set<String> seenEarly = new HashSet<>();
    private int deadLetters;
    private int doubledFinals;

    Outputs(KafkaConfig kafka) {
        super(kafka);
        early = GmilReader.open(kafka, Isolation.UNCOMMITTED, Set.of(Topic.PREDICTIONS));
    }

    @Override
    void readMore() throws WireException {
        for (Received received : early.poll(Duration.ZERO)) {
            seenEarly.add(((Prediction) received.value()).getSampleId());
        }
    }

    @Override
    void take(SpecificRecordBase record) {
        if (record instanceof Prediction prediction) {
            if (prediction.getKind() == PredictionKind.ARRIVAL) {
                arrivals.merge(prediction.getSampleId(), 1, Integer::sum);
            } else if (prediction.getKind() == PredictionKind.FINAL) {
                Prediction before = finals.computeIfAbsent(prediction.getCommandId(), absent -> new HashMap<>())
                        .put(prediction.getSampleId(), prediction);
                doubledFinals += before == null ? 0 : 1;
            }
        } else if (record instanceof Audit audit && audit.getReceipt() != null) {
            receipts.put(audit.getReceipt().getCommandId(), audit.getReceipt());
        } else if (record instanceof DeadLetter) {
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

    @Override
    public void close() {
        super.close();
        early.close();
    }
}
