package io.gmil.cli.watch;

import io.gmil.cohort.Sample;
import io.gmil.schema.AttendedCell;
import io.gmil.schema.AttentionSummary;
import java.util.List;
import java.util.Optional;

/** Attention weights of test samples, cell by cell, for comparison with known ones. */
public final class FinalWeights {

    private final float[][] bySample;

    private FinalWeights(float[][] bySample) {
        this.bySample = bySample;
    }

    /** Keeps none. */
    public static FinalWeights none(List<Sample> samples) {
        return new FinalWeights(new float[samples.size()][]);
    }

    /** Keeps those of samples that are not learnt. */
    public static FinalWeights ofTestSamples(List<Sample> samples) {
        float[][] weights = new float[samples.size()][];
        for (int i = 0; i < weights.length; i++) {
            weights[i] =
                    samples.get(i).training() ? null : new float[samples.get(i).cells()];
        }
        return new FinalWeights(weights);
    }

    void add(int sample, AttentionSummary summary) {
        float[] weights = bySample[sample];
        if (weights == null) {
            return;
        }
        for (AttendedCell cell : summary.getTop()) {
            weights[cell.getCellIndex()] = (float) cell.getWeight();
        }
    }

    /** Weights of a sample in the order of its cells; empty where they are not kept. */
    public Optional<float[]> of(int sample) {
        return Optional.ofNullable(bySample[sample]);
    }
}
