package io.gmil.cli.chaos;

import io.gmil.kafka.GmilReader;
import io.gmil.kafka.Isolation;
import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Received;
import io.gmil.kafka.Topic;
import io.gmil.kafka.WireException;
import io.gmil.schema.AttentionKind;
import io.gmil.schema.AttentionSummary;
import io.gmil.schema.Audit;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;

/** What the job of a {@link ChaosRun} has put out, beside what it has to. */
final class Outputs extends JobOutputs {

    private final GmilReader early;
    private final Map<String, Integer> arrivals = new HashMap<>();
    private final Map<String, Map<String, Prediction>> finals = new HashMap<>();
    private final Map<Explained, Integer> unexplained = new HashMap<>();
    private final Map<String, Integer> receipts = new HashMap<>();
    private final Set<String> erasures = new HashSet<>();
    private final Map<String, Set<String>> asked = new HashMap<>();
    private final AuditChain versions = new AuditChain();
    private final DeadLetters deadLetters = new DeadLetters();
    private final Set<String> seenEarly = new HashSet<>();
    private int doubledFinals;

    /** What prediction and attention summary of it have in common. */
    private record Explained(
            AttentionKind kind, String sample, int revision, String command, long generation, long version) {

        static Explained of(Prediction prediction) {
            return new Explained(
                    AttentionKind.valueOf(prediction.getKind().name()),
                    prediction.getSampleId(),
                    prediction.getRevision(),
                    prediction.getCommandId(),
                    prediction.getPosteriorGeneration(),
                    prediction.getPosteriorVersion());
        }

        static Explained of(AttentionSummary summary) {
            return new Explained(
                    summary.getKind(),
                    summary.getSampleId(),
                    summary.getRevision(),
                    summary.getCommandId(),
                    summary.getPosteriorGeneration(),
                    summary.getPosteriorVersion());
        }
    }

    Outputs(KafkaConfig kafka) {
        super(kafka, Set.of(Topic.PREDICTIONS, Topic.ATTENTION, Topic.AUDIT, Topic.DEAD_LETTERS));
        early = GmilReader.open(kafka, Isolation.UNCOMMITTED, Set.of(Topic.PREDICTIONS, Topic.AUDIT));
    }

    @Override
    void readMore() throws WireException {
        for (Received received : early.poll(Duration.ZERO)) {
            if (received.value() instanceof Prediction prediction) {
                seenEarly.add(prediction.getSampleId());
            } else if (received.value() instanceof Audit audit && audit.getReceipt() != null) {
                seenEarly.add(audit.getReceipt().getCommandId());
            }
        }
    }

    @Override
    void take(SpecificRecordBase record) {
        if (record instanceof Prediction prediction) {
            take(prediction);
        } else if (record instanceof AttentionSummary summary) {
            // Of a summary in parts the first stands for all.
            unexplained.merge(Explained.of(summary), summary.getPart() == 0 ? -1 : 0, Integer::sum);
        } else if (record instanceof Audit audit && audit.getReceipt() != null) {
            receipts.merge(audit.getReceipt().getCommandId(), 1, Integer::sum);
        } else if (record instanceof Audit audit) {
            versions.take(audit);
        } else if (record instanceof DeadLetter letter) {
            deadLetters.take(letter);
        }
    }

    private void take(Prediction prediction) {
        unexplained.merge(Explained.of(prediction), 1, Integer::sum);
        if (prediction.getKind() == PredictionKind.ARRIVAL) {
            arrivals.merge(prediction.getSampleId(), 1, Integer::sum);
        } else if (prediction.getKind() == PredictionKind.FINAL) {
            Prediction before = finals.computeIfAbsent(prediction.getCommandId(), absent -> new HashMap<>())
                    .put(prediction.getSampleId(), prediction);
            doubledFinals += before == null ? 0 : 1;
        }
    }

    /** The command has been sent: its receipt has to come once. */
    void expectReceipt(String command) {
        erasures.add(command);
    }

    /** The command has been sent: a prediction of each of these samples has to come once. */
    void expectFinals(String command, Set<String> samples) {
        asked.put(command, samples);
    }

    DeadLetters deadLetters() {
        return deadLetters;
    }

    boolean arrived(String sample) {
        return arrivals.containsKey(sample);
    }

    /** Whether a sample has been predicted or a command receipted, be it committed or not. */
    boolean early(String sampleOrCommand) {
        return seenEarly.contains(sampleOrCommand);
    }

    /** Whether the receipt of an erasure has been committed. */
    boolean receipt(String command) {
        return receipts.containsKey(command);
    }

    /** By sample. */
    Map<String, Prediction> finals(String command) {
        return finals.getOrDefault(command, Map.of());
    }

    /**
     * Committed records that have not come, by what they are.
     *
     * @param samples to be predicted on arrival
     */
    Map<String, Integer> lost(Collection<String> samples) {
        Map<String, Integer> lost = new LinkedHashMap<>();
        lost.put(
                "predictions",
                missing(samples, arrivals.keySet())
                        + asked.entrySet().stream()
                                .mapToInt(command -> missing(
                                        command.getValue(),
                                        finals(command.getKey()).keySet()))
                                .sum());
        lost.put("attention summaries", positive(unexplained, 1));
        boolean newestUntold =
                newest().filter(posterior -> !versions.holds(posterior)).isPresent();
        lost.put("versions in the audit", versions.gaps() + (newestUntold ? 1 : 0));
        lost.put("receipts", missing(erasures, receipts.keySet()));
        lost.put("dead letters", deadLetters.lost());
        return lost;
    }

    /** Committed records too many, by what they are. */
    Map<String, Integer> doubled() {
        Map<String, Integer> doubled = new LinkedHashMap<>();
        doubled.put(
                "predictions",
                arrivals.values().stream().mapToInt(count -> count - 1).sum() + doubledFinals);
        doubled.put("attention summaries", positive(unexplained, -1));
        doubled.put("versions in the audit", versions.doubled());
        doubled.put(
                "receipts",
                receipts.values().stream().mapToInt(Integer::intValue).sum() - receipts.size());
        doubled.put("dead letters", deadLetters.doubled());
        return doubled;
    }

    private static int missing(Collection<String> expected, Set<String> come) {
        return (int) expected.stream().filter(each -> !come.contains(each)).count();
    }

    private static int positive(Map<Explained, Integer> counts, int sign) {
        return counts.values().stream()
                .mapToInt(count -> Math.max(0, sign * count))
                .sum();
    }

    @Override
    public void close() {
        super.close();
        early.close();
    }
}
