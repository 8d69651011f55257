package io.gmil.cli.chaos;

import io.gmil.cohort.Sample;
import io.gmil.cohort.SimulatedCohort;
import io.gmil.cohort.SimulationOptions;
import io.gmil.model.FeatureMoments;
import io.gmil.schema.CellChunk;
import io.gmil.schema.Label;
import io.gmil.schema.Scaler;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;

/** A simulated cohort in portions, each a shuffled list of the records of some samples, some of them twice. */
final class Feed {

    private static final int REPEAT_ONE_IN = 8;

    private final List<Sample> training = new ArrayList<>();
    private final List<Sample> test = new ArrayList<>();
    private final List<Sample> samples;
    private final float[][] cells;
    private final Scaler scaler;
    private final int portions;
    private final long seed;

    /**
     * @param portions in which the training samples come
     * @param perPortion training samples of each
     * @param testSamples all in the first portion
     */
    Feed(int portions, int perPortion, int testSamples, long seed) throws IOException {
        this.portions = portions;
        this.seed = seed;
        SimulationOptions options = new SimulationOptions(
                portions * perPortion, testSamples, BagRecords.CELLS, BagRecords.WIDTH, 1.0, 0.8, -0.5, seed);
        try (SimulatedCohort cohort = new SimulatedCohort(options)) {
            samples = cohort.samples();
            cells = new float[samples.size()][BagRecords.CELLS * BagRecords.WIDTH];
            FeatureMoments moments = new FeatureMoments(BagRecords.WIDTH);
            cohort.scan(run -> System.arraycopy(
                    run.values(),
                    0,
                    cells[run.sample()],
                    run.firstCell() * BagRecords.WIDTH,
                    run.rows() * BagRecords.WIDTH));
            for (int i = 0; i < samples.size(); i++) {
                (samples.get(i).training() ? training : test).add(samples.get(i));
                moments.add(cells[i], BagRecords.CELLS);
            }
            scaler = BagRecords.scaler(moments);
        }
    }

    Scaler scaler() {
        return scaler;
    }

    List<Sample> test() {
        return test;
    }

    /** The samples that come with a portion. */
    List<Sample> portion(int number) {
        int each = training.size() / portions;
        List<Sample> of = new ArrayList<>(training.subList(number * each, (number + 1) * each));
        if (number == 0) {
            of.addAll(test);
        }
        return of;
    }

    /** Cells and manifests of a portion, in the same order every time. */
    List<SpecificRecord> cells(int number) {
        List<SpecificRecord> records = new ArrayList<>();
        Random random = new Random(seed * 31 + number);
        for (Sample sample : portion(number)) {
            float[] values = cells[samples.indexOf(sample)];
            for (SpecificRecord record : BagRecords.bag(sample.id(), sample.patientId(), 0, values)) {
                records.add(record);
                if (record instanceof CellChunk && random.nextInt(REPEAT_ONE_IN) == 0) {
                    records.add(record);
                }
            }
        }
        Collections.shuffle(records, random);
        return records;
    }

    /** The samples of a portion whose labels come with it. */
    List<Sample> training(int number) {
        return portion(number).stream().filter(Sample::training).toList();
    }

    /** Labels of the training samples of a portion. */
    List<Label> labels(int number) {
        return training(number).stream()
                .map(sample -> BagRecords.label(
                                sample.id(), sample.patientId(), sample.label().orElseThrow())
                        .build())
                .toList();
    }
}
