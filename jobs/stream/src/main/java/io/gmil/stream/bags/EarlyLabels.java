package io.gmil.stream.bags;

import io.gmil.kafka.Topic;
import io.gmil.schema.DeadLetter;
import io.gmil.stream.OutcomeConfig;
import io.gmil.stream.state.Bag;
import io.gmil.stream.state.BagEvent;
import io.gmil.stream.state.OutcomeState;
import java.time.Duration;
import java.time.Instant;

/** Labels that came before the cells of their sample: until then nobody knew whether they name the right patient. */
final class EarlyLabels {

    private final BagStore store;
    private final PatientStore patients;
    private final Emitter emitter;

    EarlyLabels(BagStore store, PatientStore patients, Emitter emitter) {
        this.store = store;
        this.patients = patients;
        this.emitter = emitter;
    }

    /** The first record of a sample says whose it is: labels that say otherwise go, one dead letter each. */
    void check(Bag bag, BagEvent event) {
        String sample = bag.getSampleId();
        for (OutcomeConfig outcome : store.outcomes()) {
            OutcomeState label = store.outcome(sample, outcome.name());
            if (label.getLabelRevision() >= 0 && !isOf(bag, label)) {
                store.removeOutcome(sample, outcome.name());
                if (!label.getPatientId().isEmpty()) {
                    patients.forget(label.getPatientId(), sample);
                }
                emitter.deadLetter(letter(bag, outcome.name(), label, event));
            }
        }
    }

    /** The cells of a sample have not come in all the time that there was for them. */
    void drop(String sample, Duration waited) {
        for (OutcomeConfig outcome : store.outcomes()) {
            OutcomeState label = store.outcome(sample, outcome.name());
            if (label.getLabelRevision() >= 0) {
                store.removeOutcome(sample, outcome.name());
                patients.forget(label.getPatientId(), sample);
            }
            if (label.getLabelled()) {
                emitter.deadLetter(letter(
                        sample,
                        "label '%s' of sample '%s' revision %d: expected the cells within %s, got none"
                                .formatted(outcome.name(), sample, label.getLabelRevision(), waited)));
            }
        }
    }

    /** The record itself is known no more. */
    private static DeadLetter letter(String sample, String cause) {
        return DeadLetter.newBuilder()
                .setCause(cause)
                .setTopic(Topic.LABELS.topicName())
                .setPartition(-1)
                .setOffset(-1)
                .setSampleId(sample)
                .setRejectedAt(Instant.now())
                .build();
    }

    private boolean isOf(Bag bag, OutcomeState label) {
        return label.getPatientId().isEmpty()
                // From a release that did not note it with the label; the samples of a patient it did.
                ? patients.patient(bag.getPatientId()).getSamples().contains(bag.getSampleId())
                : label.getPatientId().equals(bag.getPatientId());
    }

    /** Whether a label of a sample that is known of a patient, but has cells of another, may be of that patient. */
    static boolean mayBeOf(String patient, OutcomeState label) {
        return label.getLabelRevision() >= 0
                && (label.getPatientId().isEmpty() || label.getPatientId().equals(patient));
    }

    private static DeadLetter letter(Bag bag, String outcome, OutcomeState label, BagEvent event) {
        return DeadLetter.newBuilder()
                .setCause(
                        ("label '%s' of sample '%s' revision %d, which came before the cells (%s): expected patient '%s'"
                                        + " as they have, got %s")
                                .formatted(
                                        outcome,
                                        bag.getSampleId(),
                                        label.getLabelRevision(),
                                        Records.place(event),
                                        bag.getPatientId(),
                                        label.getPatientId().isEmpty() ? "another" : "'" + label.getPatientId() + "'"))
                .setTopic(event.getTopic())
                .setPartition(event.getPartition())
                .setOffset(event.getOffset())
                .setKey(event.getKey())
                .setSampleId(bag.getSampleId())
                .setRejectedAt(Instant.now())
                .build();
    }
}
