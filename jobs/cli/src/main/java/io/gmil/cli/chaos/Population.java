package io.gmil.cli.chaos;

import io.gmil.cli.chaos.Move.Kind;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A population of labelled patients that stays as large as it is while bags come and go, and the books on it: what the job
 * must hold in the end. Patients are numbered; each has one sample.
 */
final class Population {

    /** A patient is left alone until so many later bags have been sent and predicted, so that no record of his is under way. */
    static final int QUIET_BAGS = 300;

    /** Revisions of one bag, so that bags can be numbered. */
    static final int MOST_REVISIONS = 64;

    /** So many bags may pass until a bag is repeated: long enough for some to have been dropped meanwhile. */
    private static final int REPEATED_WITHIN = 4000;

    private static final double REPLACE = 0.25;
    private static final double REVISE = 0.12;
    private static final double CORRECT = 0.06;
    private static final double RETRACT = 0.02;
    private static final double ERASE = 0.03;
    private static final double REPEAT = 0.03;

    private static final int TRIES = 20;

    private final Random random;
    private final int most;
    private final List<Resident> residents = new ArrayList<>();
    private final int[] unlabelled = new int[REPEATED_WITHIN];
    private final Map<Kind, Integer> moves = new EnumMap<>(Kind.class);
    private int unlabelledBags;
    private int patients;
    private int bags;
    private boolean filled;

    private static final class Resident {
        private final int patient;
        private int bagRevision;
        private int labelRevision;
        private int successes;
        private int touched;

        Resident(int patient, int successes) {
            this.patient = patient;
            this.successes = successes;
        }
    }

    /** @param most labelled patients */
    Population(int most, long seed) {
        this.most = most;
        this.random = new Random(seed);
    }

    /** A number for a revision of a patient's bag. */
    static int code(int patient, int bagRevision) {
        return patient * MOST_REVISIONS + bagRevision;
    }

    /**
     * What is sent next: one bag, and sometimes more.
     *
     * @param predicted first bags of which every one has its prediction
     */
    List<Move> next(int predicted) {
        List<Move> next = new ArrayList<>();
        next.add(bag(predicted));
        bags++;
        if (filled) {
            for (Kind kind : List.of(Kind.CORRECT, Kind.RETRACT, Kind.ERASE)) {
                Resident resident = random.nextDouble() < share(kind) ? quiet(predicted) : null;
                if (resident != null) {
                    next.add(relabel(kind, resident));
                }
            }
            if (unlabelledBags > 0 && random.nextDouble() < REPEAT) {
                int patient = unlabelled[random.nextInt(Math.min(unlabelledBags, REPEATED_WITHIN))];
                next.add(new Move(Kind.REPEAT, patient, 0, -1, 0));
            }
        }
        next.forEach(move -> moves.merge(move.kind(), 1, Integer::sum));
        return next;
    }

    private static double share(Kind kind) {
        return switch (kind) {
            case CORRECT -> CORRECT;
            case RETRACT -> RETRACT;
            case ERASE -> ERASE;
            default -> 0;
        };
    }

    private Move bag(int predicted) {
        filled |= residents.size() >= most;
        if (!filled || residents.size() < most && random.nextDouble() < REPLACE) {
            Resident resident = new Resident(patients++, random.nextInt(BagRecords.TRIALS + 1));
            residents.add(resident);
            return move(Kind.ADMIT, resident);
        }
        Resident resident = random.nextDouble() < REVISE ? quiet(predicted) : null;
        if (resident != null && resident.bagRevision + 1 < MOST_REVISIONS) {
            resident.bagRevision++;
            return move(Kind.REVISE, resident);
        }
        unlabelled[unlabelledBags++ % REPEATED_WITHIN] = patients;
        return new Move(Kind.PREDICT, patients++, 0, -1, 0);
    }

    /** Somebody of whom nothing is under way; null where nobody was found. */
    private Resident quiet(int predicted) {
        for (int i = 0; i < TRIES && !residents.isEmpty(); i++) {
            Resident resident = residents.get(random.nextInt(residents.size()));
            if (resident.touched + QUIET_BAGS < predicted) {
                return resident;
            }
        }
        return null;
    }

    private Move relabel(Kind kind, Resident resident) {
        if (kind == Kind.CORRECT) {
            resident.labelRevision++;
            resident.successes = (resident.successes + 1) % (BagRecords.TRIALS + 1);
            return move(kind, resident);
        }
        residents.set(residents.indexOf(resident), residents.get(residents.size() - 1));
        residents.remove(residents.size() - 1);
        resident.labelRevision++;
        return move(kind, resident);
    }

    private Move move(Kind kind, Resident resident) {
        resident.touched = bags;
        return new Move(kind, resident.patient, resident.bagRevision, resident.labelRevision, resident.successes);
    }

    /** Revisions of bags that were sent. */
    int bags() {
        return bags;
    }

    /** Labelled bags that there must be. */
    int labelled() {
        return residents.size();
    }

    int count(Kind kind) {
        return moves.getOrDefault(kind, 0);
    }
}
