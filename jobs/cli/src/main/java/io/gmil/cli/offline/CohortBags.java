package io.gmil.cli.offline;

import io.gmil.cohort.CellRun;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortException;
import io.gmil.cohort.Sample;
import io.gmil.model.Cells;
import io.gmil.model.LabelledBag;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** A cohort in memory, for commands that go over the same cells many times: raw values, before any scaler. */
public final class CohortBags {

    /** The rest of the heap is left to the fit. */
    private static final double SHARE_OF_HEAP = 0.7;

    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final int width;
    private final int trials;
    private final List<String> covariates;
    private final List<Sample> samples;
    private final float[][] values;
    private final int[] read;

    private CohortBags(Cohort cohort, int trials) {
        this.width = cohort.width();
        this.trials = trials;
        this.covariates = List.copyOf(cohort.covariates());
        this.samples = List.copyOf(cohort.samples());
        this.values = new float[samples.size()][];
        this.read = new int[samples.size()];
    }

    /**
     * Reads all samples of a cohort with a 0/1 outcome.
     *
     * @throws CohortException if the cohort is larger than memory, or something is wrong with it
     */
    public static CohortBags read(Cohort cohort) throws IOException {
        return read(cohort, 1);
    }

    /** The same of a cohort whose labels count the successes of so many trials. */
    public static CohortBags read(Cohort cohort, int trials) throws IOException {
        return read(cohort, trials, Runtime.getRuntime().maxMemory());
    }

    static CohortBags read(Cohort cohort, int trials, long heap) throws IOException {
        CohortBags bags = new CohortBags(cohort, trials);
        bags.allocate(heap);
        cohort.scan(bags::take);
        bags.requireAllCells();
        return bags;
    }

    private void allocate(long heap) {
        double needed = 4.0 * width * cells();
        if (needed > SHARE_OF_HEAP * heap) {
            throw new CohortException(String.format(
                    Locale.ROOT,
                    "the cohort does not fit into memory: expected at most %.1f GB of embeddings in a heap of %.1f GB, got"
                            + " %.1f GB (%d cells of width %d); set GMIL_JAVA_OPTS to a larger -Xmx",
                    SHARE_OF_HEAP * heap / 1e9,
                    heap / 1e9,
                    needed / 1e9,
                    cells(),
                    width));
        }
        for (int i = 0; i < values.length; i++) {
            long length = (long) samples.get(i).cells() * width;
            if (length > LONGEST_ARRAY) {
                throw new CohortException("sample '%s': expected at most %d values to be held in memory, got %d"
                        .formatted(samples.get(i).id(), LONGEST_ARRAY, length));
            }
            values[i] = new float[(int) length];
        }
    }

    private void take(CellRun run) {
        int sample = run.sample();
        System.arraycopy(run.values(), 0, values[sample], run.firstCell() * width, run.rows() * width);
        read[sample] += run.rows();
    }

    private void requireAllCells() {
        for (int i = 0; i < read.length; i++) {
            if (read[i] != samples.get(i).cells()) {
                throw new CohortException("cells of sample '%s': expected %d, got %d"
                        .formatted(samples.get(i).id(), samples.get(i).cells(), read[i]));
            }
        }
    }

    /** Samples, with and without label, in the order of the cohort. */
    public int size() {
        return values.length;
    }

    /** Q. */
    public int width() {
        return width;
    }

    /** n of every label; 1 is a 0/1 outcome. */
    public int trials() {
        return trials;
    }

    /** Names of the covariates. */
    public List<String> covariates() {
        return covariates;
    }

    /** Cells of all samples. */
    public long cells() {
        return samples.stream().mapToLong(Sample::cells).sum();
    }

    /** Name, patient, label and covariates of a sample. */
    public Sample sample(int index) {
        return samples.get(index);
    }

    /** All samples. */
    public List<Sample> samples() {
        return samples;
    }

    /** The cells of a sample (rows × Q, row-major), unscaled and not copied. */
    public float[] values(int index) {
        return values[index];
    }

    /** The same as {@link Cells}. */
    public Cells cells(int index) {
        return Cells.of(values[index], samples.get(index).cells(), width);
    }

    /**
     * A sample to be learnt.
     *
     * @param fixedEffects f (K) of the sample
     * @throws java.util.NoSuchElementException if it has no label
     */
    public LabelledBag labelled(int index, double[] fixedEffects) {
        return new LabelledBag(
                cells(index), fixedEffects, samples.get(index).label().orElseThrow(), trials);
    }
}
