package io.gmil.cli.chaos;

import io.gmil.model.FeatureMoments;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Control;
import io.gmil.schema.ControlKind;
import io.gmil.schema.Label;
import io.gmil.schema.Scaler;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;

/** The records of a {@link Move}, made of a seed, so that none need be kept to be sent again. */
final class SoakRecords {

    private static final int REPEAT_ONE_IN = 8;
    private static final int SCALER_BAGS = 200;

    /** What a label says of the first feature of its bag, in standard deviations of the cells. */
    private static final double EFFECT = 0.8;

    private static final String SAMPLE = "s-";
    private static final String PATIENT = "p-";

    private final long seed;
    private final Random random;

    SoakRecords(long seed) {
        this.seed = seed;
        this.random = new Random(seed);
    }

    static String sample(int patient) {
        return SAMPLE + patient;
    }

    /** The number of a patient by the sample's name. */
    static int patient(String sample) {
        return Integer.parseInt(sample.substring(SAMPLE.length()));
    }

    static String patientId(int patient) {
        return PATIENT + patient;
    }

    /** A scaler for bags like these. */
    Scaler scaler() {
        FeatureMoments moments = new FeatureMoments(BagRecords.WIDTH);
        for (int bag = 0; bag < SCALER_BAGS; bag++) {
            moments.add(values(bag, 0, bag % (BagRecords.TRIALS + 1)), BagRecords.CELLS);
        }
        return BagRecords.scaler(moments);
    }

    List<SpecificRecord> of(Move move) {
        List<SpecificRecord> records = new ArrayList<>();
        switch (move.kind()) {
            case ADMIT -> {
                records.add(label(move, false));
                records.addAll(bag(move));
            }
            case PREDICT, REVISE, REPEAT -> records.addAll(bag(move));
            case CORRECT -> records.add(label(move, false));
            case RETRACT -> records.add(label(move, true));
            case ERASE -> records.add(erasure(move.patient()));
            default -> throw new IllegalStateException("move " + move.kind() + " is not known");
        }
        return records;
    }

    private List<SpecificRecord> bag(Move move) {
        List<SpecificRecord> records = new ArrayList<>();
        for (SpecificRecord record : all(move.patient(), move.bagRevision(), move.successes())) {
            records.add(record);
            if (record instanceof CellChunk && random.nextInt(REPEAT_ONE_IN) == 0) {
                records.add(record);
            }
        }
        return records;
    }

    private List<SpecificRecord> all(int patient, int revision, int successes) {
        return BagRecords.bag(sample(patient), patientId(patient), revision, values(patient, revision, successes));
    }

    /** A chunk of somebody, once more. */
    SpecificRecord again(int patient) {
        return all(patient, 0, 0).get(0);
    }

    private float[] values(int patient, int revision, int successes) {
        Random cells = new Random(seed * 0x9E3779B97F4A7C15L + Population.code(patient, revision));
        float[] values = new float[BagRecords.CELLS * BagRecords.WIDTH];
        for (int i = 0; i < values.length; i++) {
            double shift = i % BagRecords.WIDTH == 0 ? EFFECT * (successes - 1) : 0;
            values[i] = (float) (shift + cells.nextGaussian());
        }
        return values;
    }

    private static Label label(Move move, boolean retracted) {
        return BagRecords.label(sample(move.patient()), patientId(move.patient()), retracted ? 0 : move.successes())
                .setRevision(move.labelRevision())
                .setRetracted(retracted)
                .build();
    }

    private static Control erasure(int patient) {
        return LearningJob.command(ControlKind.ERASE_PATIENT)
                .setCommandId(sample(patient))
                .setPatientId(patientId(patient))
                .build();
    }
}
