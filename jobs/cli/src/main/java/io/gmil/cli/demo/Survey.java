package io.gmil.cli.demo;

import io.gmil.cohort.CellRun;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortException;
import io.gmil.cohort.Sample;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureMoments;
import io.gmil.model.FeatureScaler;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * What one pass over all cells tells before anything is published: that they are sound, the scalers of the training
 * samples, the mean of each bag, and known attention weights of test samples.
 */
public final class Survey {

    /** More known weights than this are not compared: all of them would have to travel and be held. */
    private static final long MAX_KNOWN_WEIGHTS = 5_000_000;

    private final int width;
    private final List<Sample> samples;
    private final FeatureMoments moments;
    private final float[][] means;
    private final int[] seen;
    private final float[][] knownWeights;
    private long cells;

    private Survey(Cohort cohort) {
        this.width = cohort.width();
        this.samples = cohort.samples();
        this.moments = new FeatureMoments(width);
        this.means = new float[samples.size()][width];
        this.seen = new int[samples.size()];
        this.knownWeights = new float[samples.size()][];
        long testCells = samples.stream()
                .filter(sample -> !sample.training())
                .mapToLong(Sample::cells)
                .sum();
        if (cohort.hasTrueWeights() && testCells <= MAX_KNOWN_WEIGHTS) {
            for (int i = 0; i < knownWeights.length; i++) {
                Sample sample = samples.get(i);
                knownWeights[i] = sample.training() ? null : new float[sample.cells()];
            }
        }
    }

    /**
     * Reads the whole cohort once.
     *
     * @throws CohortException where something is wrong with it
     */
    public static Survey of(Cohort cohort) throws IOException {
        if (cohort.samples().stream()
                .noneMatch(sample -> sample.training() && sample.label().isPresent())) {
            throw new CohortException(
                    "expected at least one training sample with a label, got none: " + cohort.description());
        }
        Survey survey = new Survey(cohort);
        cohort.scan(survey::read);
        survey.requireAllCells();
        return survey;
    }

    private void read(CellRun run) throws InterruptedIOException {
        if (Thread.interrupted()) {
            throw new InterruptedIOException("reading was stopped");
        }
        int sample = run.sample();
        if (samples.get(sample).training()) {
            moments.add(run.values(), run.rows());
        }
        addToMean(run);
        if (knownWeights[sample] != null) {
            for (int row = 0; row < run.rows(); row++) {
                knownWeights[sample][run.firstCell() + row] = (float) run.trueWeights()[row];
            }
        }
        cells += run.rows();
    }

    private void addToMean(CellRun run) {
        float[] mean = means[run.sample()];
        int before = seen[run.sample()];
        int after = before + run.rows();
        for (int q = 0; q < width; q++) {
            double sum = 0;
            for (int at = q; at < run.rows() * width; at += width) {
                sum += run.values()[at];
            }
            mean[q] += (float) ((sum - (double) run.rows() * mean[q]) / after);
        }
        seen[run.sample()] = after;
    }

    private void requireAllCells() {
        for (int i = 0; i < seen.length; i++) {
            if (seen[i] != samples.get(i).cells()) {
                throw new CohortException("cells of sample '%s': expected %d, got %d"
                        .formatted(samples.get(i).id(), samples.get(i).cells(), seen[i]));
            }
        }
    }

    /** Cells of all samples. */
    public long cells() {
        return cells;
    }

    /** Cells of the training samples. */
    public long trainingCells() {
        return moments.count();
    }

    /** Volume of the embeddings as float32. */
    public long embeddingBytes() {
        return cells * width * Float.BYTES;
    }

    /** Scaler of the features, from the cells of the training samples. */
    public FeatureScaler featureScaler() {
        return FeatureScaler.of(moments);
    }

    /** Scaler of the covariates, from the training samples. */
    public CovariateScaler covariateScaler() {
        return CovariateScaler.of(samples.stream()
                .filter(Sample::training)
                .map(Sample::covariates)
                .toList());
    }

    /** Mean of the cells of a sample (Q), unscaled. */
    public float[] mean(int sample) {
        return means[sample];
    }

    /** Known attention weights of a test sample, or null. */
    public float[] knownWeights(int sample) {
        return knownWeights[sample];
    }

    /** Whether {@link #knownWeights} has any. */
    public boolean weightsAreKnown() {
        return Arrays.stream(knownWeights).anyMatch(weights -> weights != null);
    }
}
