package io.gmil.stream;

import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.stream.state.BagEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What a seed makes happen: the records that producers send, in the order in which they are read, some twice and some late;
 * and what must be true when all of them have been taken in.
 */
final class Schedule {

    private static final int PATIENTS = 5;

    /** A label that must have been learnt. */
    record Known(int revision, boolean ofPatient) {}

    final Random random;
    final List<BagEvent> log = new ArrayList<>();
    final List<TestBag> newest = new ArrayList<>();
    final Map<String, Label> ownLabels = new HashMap<>();
    final Map<String, Label> patientLabels = new HashMap<>();
    String erased;

    /** Where the erasure stands in the log. */
    int erasedAt = Integer.MAX_VALUE;

    Schedule(long seed, JobConfig config) {
        random = new Random(seed);
        Events events = new Events(config);
        List<BagEvent> records = new ArrayList<>();
        for (int p = 0; p < PATIENTS; p++) {
            String patient = "patient-" + p + "-";
            int samples = 1 + random.nextInt(3);
            for (int s = 0; s < samples; s++) {
                addSample("sample-" + p + "-" + s + "-", patient, events, records);
            }
            if (random.nextInt(3) == 0) {
                addLabels("", patient, patientLabels, patient, events, records);
            }
        }
        Collections.shuffle(records, random);
        repeatSome(records);
        if (random.nextInt(3) == 0) {
            erased = "patient-" + random.nextInt(PATIENTS) + "-";
            erasedAt = random.nextInt(records.size());
            records.add(
                    erasedAt,
                    events.command(
                            Events.command("e1", ControlKind.ERASE_PATIENT).setPatientId(erased)));
        }
        if (random.nextInt(4) == 0) {
            int at = random.nextInt(records.size());
            erasedAt += at <= erasedAt && erased != null ? 1 : 0;
            records.add(at, events.command(Events.command("r1", ControlKind.REFRESH_ALL)));
        }
        log.addAll(records);
    }

    private void addSample(String sample, String patient, Events events, List<BagEvent> records) {
        TestBag bag = new TestBag(sample, patient, 0, 1 + random.nextInt(3));
        records.addAll(bag.records(events));
        if (random.nextInt(5) == 0) {
            bag = new TestBag(sample, patient, 1, 1 + random.nextInt(3));
            records.addAll(bag.records(events));
        }
        newest.add(bag);
        if (random.nextInt(4) > 0) {
            addLabels(sample, patient, ownLabels, sample, events, records);
        }
    }

    /** A label and perhaps a correction and a retraction, in any order. */
    private void addLabels(
            String sample,
            String patient,
            Map<String, Label> known,
            String key,
            Events events,
            List<BagEvent> records) {
        int revisions = 1 + random.nextInt(3);
        TestBag named = new TestBag(sample, patient, 0, 1);
        for (int revision = 0; revision < revisions; revision++) {
            Label label = named.label(random.nextInt(3), revision)
                    .setRetracted(revision > 0 && random.nextInt(3) == 0)
                    .build();
            records.add(events.label(label));
            known.put(key, label);
        }
    }

    private void repeatSome(List<BagEvent> records) {
        int repeats = records.size() / 5;
        for (int i = 0; i < repeats; i++) {
            BagEvent record = records.get(random.nextInt(records.size()));
            records.add(random.nextInt(records.size() + 1), record);
        }
    }

    /** The label that holds for a sample in the end; null for none. */
    Known label(TestBag bag) {
        Label own = ownLabels.get(bag.sample());
        if (own != null && !own.getRetracted()) {
            return new Known(own.getRevision(), false);
        }
        Label common = patientLabels.get(bag.patient());
        return common == null || common.getRetracted() ? null : new Known(common.getRevision(), true);
    }
}
