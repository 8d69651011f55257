package io.gmil.cli.watch;

import io.gmil.cohort.Sample;
import io.gmil.schema.Prediction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The committed predictions of a run, in the order of the cohort. Not thread-safe. */
final class Ledger {

    private final Map<String, Integer> index = new HashMap<>();
    private final Prediction[] arrival;
    private final Prediction[] last;
    private final List<Prediction> revised = new ArrayList<>();
    private int arrivals;
    private int finals;
    private long cells;
    private String commandId;

    Ledger(List<Sample> samples) {
        for (int i = 0; i < samples.size(); i++) {
            index.put(samples.get(i).id(), i);
        }
        arrival = new Prediction[samples.size()];
        last = new Prediction[samples.size()];
    }

    /** From now on FINAL predictions that answer this command count. */
    void expectFinal(String command) {
        this.commandId = command;
    }

    void add(Prediction prediction) {
        Integer sample = index.get(prediction.getSampleId());
        if (sample == null) {
            return;
        }
        switch (prediction.getKind()) {
            case ARRIVAL -> addArrival(sample, prediction);
            case REVISED -> revised.add(prediction);
            case FINAL -> addFinal(sample, prediction);
            case UNKNOWN -> {
                // A kind of a newer version; nothing here depends on it.
            }
        }
    }

    private void addArrival(int sample, Prediction prediction) {
        if (arrival[sample] == null) {
            arrivals++;
            cells += prediction.getCells();
            arrival[sample] = prediction;
        }
    }

    private void addFinal(int sample, Prediction prediction) {
        if (last[sample] == null
                && prediction.getCommandId() != null
                && prediction.getCommandId().equals(commandId)) {
            finals++;
            last[sample] = prediction;
        }
    }

    Optional<Integer> indexOf(String sampleId) {
        return Optional.ofNullable(index.get(sampleId));
    }

    boolean arrived(int sample) {
        return arrival[sample] != null;
    }

    /** Whether the model had learnt the sample before it came. */
    boolean learntBefore(int sample) {
        return arrival[sample] != null && arrival[sample].getInTraining();
    }

    boolean finished(int sample) {
        return last[sample] != null;
    }

    int arrivals() {
        return arrivals;
    }

    int finals() {
        return finals;
    }

    /** Cells of the bags that arrived. */
    long cells() {
        return cells;
    }

    /** ARRIVAL predictions by sample index; null where there is none. */
    Prediction[] arrivalBySample() {
        return arrival.clone();
    }

    /** FINAL predictions by sample index; null where there is none. */
    Prediction[] finalBySample() {
        return last.clone();
    }

    List<Prediction> revised() {
        return List.copyOf(revised);
    }
}
