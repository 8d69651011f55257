package io.gmil.stream;

import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.stream.state.BagEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a seed makes happen: the job, and the records that producers and operators send, in the order in which they are read, some
 * twice, some late and some never; and what must be true when all of them have been taken in.
 */
final class Schedule {

    private static final int PATIENTS = 5;
    private static final List<JobConfig> JOBS = Stream.of("reject", "predict")
            .flatMap(incomplete -> Stream.of("Y:binomial:2", "Y:binomial:2,Z:binomial:2")
                    .map(outcomes -> config(incomplete, outcomes)))
            .toList();

    /** A label that must have been learnt. */
    record Known(int revision, boolean ofPatient) {}

    /** A record of a bag. */
    record Piece(TestBag bag, int index) {}

    final Random random;
    final JobConfig config;
    final List<BagEvent> log = new ArrayList<>();
    final List<TestBag> newest = new ArrayList<>();

    /** By offset: every record has one of its own. */
    final Map<Long, Piece> pieces = new HashMap<>();

    String erased;

    /** Where the erasure stands in the log. */
    int erasedAt = Integer.MAX_VALUE;

    /** Before which record the incomplete bags there are become overdue. */
    int overdueAt = Integer.MAX_VALUE;

    private final Map<String, Map<String, Label>> ownLabels = new HashMap<>();
    private final Map<String, Map<String, Label>> patientLabels = new HashMap<>();
    private final List<BagEvent> sentAtLast = new ArrayList<>();
    private final Events events;

    Schedule(long seed) {
        random = new Random(seed);
        config = JOBS.get(random.nextInt(JOBS.size()));
        events = new Events(config);
        for (int p = 0; p < PATIENTS; p++) {
            String patient = "patient-" + p + "-";
            int samples = 1 + random.nextInt(3);
            for (int s = 0; s < samples; s++) {
                addSample("sample-" + p + "-" + s + "-", patient);
            }
            for (OutcomeConfig outcome : config.outcomes()) {
                if (random.nextInt(3) == 0) {
                    addLabels("", patient, outcome.name(), patientLabels, patient);
                }
            }
        }
        Collections.shuffle(log, random);
        repeatSome();
        Collections.shuffle(sentAtLast, random);
        log.addAll(sentAtLast);
        BagEvent erasure = random.nextInt(3) == 0 ? erase() : null;
        addCommands();
        if (erasure != null) {
            erasedAt = 0;
            while (log.get(erasedAt).getOffset() != erasure.getOffset()) {
                erasedAt++;
            }
        }
        if (random.nextBoolean()) {
            overdueAt = random.nextInt(log.size());
        }
    }

    private static JobConfig config(String incomplete, String outcomes) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "shards",
                "4",
                "refresh.fraction",
                "0.33",
                "least.visits",
                "2",
                "staleness",
                "0.5",
                "bag.deadline",
                "1h",
                "scaler.bags",
                "3"));
        settings.put("bag.incomplete", incomplete);
        settings.put("outcomes", outcomes);
        settings.put("erasure.complete-after", "2s");
        return Events.config(settings);
    }

    private void addSample(String sample, String patient) {
        TestBag bag = new TestBag(sample, patient, 0, 1 + random.nextInt(3));
        add(bag);
        if (random.nextInt(5) == 0) {
            bag = new TestBag(sample, patient, 1, 1 + random.nextInt(3));
            add(bag);
        }
        newest.add(bag);
        for (OutcomeConfig outcome : config.outcomes()) {
            if (random.nextInt(4) > 0) {
                addLabels(sample, patient, outcome.name(), ownLabels, sample);
            }
        }
    }

    /** Some records of a bag may be missing at first, to be sent again at last, alone or with the whole bag, or never. */
    private void add(TestBag bag) {
        List<BagEvent> records = bag.records(events);
        for (int i = 0; i < records.size(); i++) {
            pieces.put(records.get(i).getOffset(), new Piece(bag, i));
        }
        List<BagEvent> lost = new ArrayList<>();
        if (random.nextInt(4) == 0) {
            lost.addAll(records);
            Collections.shuffle(lost, random);
            lost.subList(1 + random.nextInt(records.size()), records.size()).clear();
            switch (random.nextInt(3)) {
                case 0 -> sentAtLast.addAll(lost);
                case 1 -> sentAtLast.addAll(records);
                default -> {
                    // Never.
                }
            }
        }
        Set<Long> missing = lost.stream().map(BagEvent::getOffset).collect(Collectors.toSet());
        for (BagEvent record : records) {
            if (!missing.contains(record.getOffset())) {
                log.add(record);
            }
        }
    }

    /** A label and perhaps a correction and a retraction, in any order. */
    private void addLabels(
            String sample, String patient, String outcome, Map<String, Map<String, Label>> known, String key) {
        int revisions = 1 + random.nextInt(3);
        TestBag named = new TestBag(sample, patient, 0, 1);
        for (int revision = 0; revision < revisions; revision++) {
            Label label = named.label(random.nextInt(3), revision)
                    .setOutcome(outcome)
                    .setRetracted(revision > 0 && random.nextInt(3) == 0)
                    .build();
            log.add(events.label(label));
            known.computeIfAbsent(outcome, absent -> new HashMap<>()).put(key, label);
        }
    }

    private void repeatSome() {
        int repeats = log.size() / 5;
        for (int i = 0; i < repeats; i++) {
            BagEvent record = log.get(random.nextInt(log.size()));
            log.add(random.nextInt(log.size() + 1), record);
        }
    }

    /** A patient is erased, exactly or not; producers that do not know send some records once more. */
    private BagEvent erase() {
        erased = "patient-" + random.nextInt(PATIENTS) + "-";
        List<BagEvent> late =
                log.stream().filter(record -> record.getKey().equals(erased)).toList();
        BagEvent erasure = command("e1", ControlKind.ERASE_PATIENT, control -> control.setPatientId(erased)
                .setExact(random.nextBoolean()));
        insert(erasure, 0);
        for (int i = random.nextInt(3); i > 0 && !late.isEmpty(); i--) {
            log.add(late.get(random.nextInt(late.size())));
        }
        return erasure;
    }

    private void addCommands() {
        if (random.nextInt(4) == 0) {
            insert(command("r1", ControlKind.REFRESH_ALL, control -> {}), 0);
        }
        if (random.nextInt(4) == 0) {
            insert(command("s1", ControlKind.SNAPSHOT, control -> {}), 0);
        }
        if (random.nextInt(3) == 0) {
            insert(command("f1", ControlKind.SCORE_ALL, control -> control.setTopK(2)), 0);
        }
        for (int pair = random.nextInt(3); pair > 0; pair--) {
            String outcome = random.nextBoolean()
                    ? null
                    : config.outcomes()
                            .get(random.nextInt(config.outcomes().size()))
                            .name();
            int paused =
                    insert(command("p" + pair, ControlKind.PAUSE_LEARNING, control -> control.setOutcome(outcome)), 0);
            insert(
                    command("q" + pair, ControlKind.RESUME_LEARNING, control -> control.setOutcome(outcome)),
                    paused + 1);
        }
    }

    private interface Detail {
        void of(Control.Builder control);
    }

    private BagEvent command(String id, ControlKind kind, Detail detail) {
        Control.Builder control = Events.command(id, kind);
        detail.of(control);
        return events.command(control);
    }

    /** Puts a command into the log, and some once more behind; where it stands. */
    private int insert(BagEvent command, int from) {
        int at = from + random.nextInt(log.size() + 1 - from);
        if (random.nextInt(3) == 0) {
            log.add(at + random.nextInt(log.size() + 1 - at), command);
        }
        log.add(at, command);
        return at;
    }

    /** Whether a record comes after the erasure of its patient. */
    boolean refused(int at) {
        return at > erasedAt && log.get(at).getKey().equals(erased);
    }

    /** The label of an outcome that holds for a sample in the end; null for none. */
    Known label(TestBag bag, String outcome) {
        Label own = ownLabels.getOrDefault(outcome, Map.of()).get(bag.sample());
        if (own != null && !own.getRetracted()) {
            return new Known(own.getRevision(), false);
        }
        Label common = patientLabels.getOrDefault(outcome, Map.of()).get(bag.patient());
        return common == null || common.getRetracted() ? null : new Known(common.getRevision(), true);
    }
}
