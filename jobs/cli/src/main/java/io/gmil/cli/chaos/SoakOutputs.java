package io.gmil.cli.chaos;

import io.gmil.kafka.KafkaConfig;
import io.gmil.kafka.Topic;
import io.gmil.schema.Audit;
import io.gmil.schema.DeadLetter;
import io.gmil.schema.ErasureReceipt;
import io.gmil.schema.ErasureStage;
import io.gmil.schema.Prediction;
import io.gmil.schema.PredictionKind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecordBase;

/** What has come of what was sent, a few bits for each bag. */
final class SoakOutputs extends JobOutputs {

    private final BitSet sent = new BitSet();
    private final BitSet arrived = new BitSet();
    private final BitSet pending = new BitSet();
    private final BitSet complete = new BitSet();
    private final List<Integer> order = new ArrayList<>();
    private final List<Integer> erased = new ArrayList<>();
    private int predicted;
    private int arrivals;
    private int doubledReceipts;
    private int revised;
    private int deadLetters;
    private String lastCause = "";

    SoakOutputs(KafkaConfig kafka) {
        super(kafka, Set.of(Topic.PREDICTIONS, Topic.AUDIT, Topic.DEAD_LETTERS));
    }

    /** A revision of a bag is on its way. */
    void sent(Move bag) {
        int code = Population.code(bag.patient(), bag.bagRevision());
        sent.set(code);
        order.add(code);
    }

    @Override
    void take(SpecificRecordBase record) {
        if (record instanceof Prediction prediction) {
            if (prediction.getKind() == PredictionKind.ARRIVAL) {
                arrivals++;
                arrived.set(Population.code(SoakRecords.patient(prediction.getSampleId()), prediction.getRevision()));
            } else {
                revised++;
            }
        } else if (record instanceof Audit audit && audit.getReceipt() != null) {
            take(audit.getReceipt());
        } else if (record instanceof DeadLetter letter) {
            deadLetters++;
            lastCause = letter.getCause();
        }
    }

    private void take(ErasureReceipt receipt) {
        int patient = SoakRecords.patient(receipt.getCommandId());
        BitSet stage = receipt.getStage() == ErasureStage.PENDING ? pending : complete;
        doubledReceipts += stage.get(patient) ? 1 : 0;
        stage.set(patient);
        if (receipt.getStage() == ErasureStage.PENDING) {
            erased.add(patient);
        }
    }

    /** How many of the bags that were sent first have their predictions, all of them. */
    int predicted() {
        while (predicted < order.size() && arrived.get(order.get(predicted))) {
            predicted++;
        }
        return predicted;
    }

    int arrivals() {
        return arrivals;
    }

    /** Bags without a prediction. */
    int lost() {
        BitSet lost = (BitSet) sent.clone();
        lost.andNot(arrived);
        return lost.cardinality();
    }

    /** Predictions beyond one for each bag, and those of bags that were never sent. */
    int doubled() {
        BitSet expected = (BitSet) arrived.clone();
        expected.and(sent);
        return arrivals - expected.cardinality();
    }

    int revised() {
        return revised;
    }

    /** Erasures with their first receipt. */
    int pending() {
        return pending.cardinality();
    }

    /** Erasures with their last receipt. */
    int complete() {
        return complete.cardinality();
    }

    int doubledReceipts() {
        return doubledReceipts;
    }

    int deadLetters() {
        return deadLetters;
    }

    /** Why the last record was refused. */
    String lastCause() {
        return lastCause;
    }

    /** Patients who have been erased since this was asked for last. */
    List<Integer> erased() {
        List<Integer> fresh = List.copyOf(erased);
        erased.clear();
        return fresh;
    }
}
