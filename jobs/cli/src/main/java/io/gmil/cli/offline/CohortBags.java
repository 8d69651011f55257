package io.gmil.cli.offline;

import io.gmil.cohort.CellRun;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.CohortException;
import io.gmil.cohort.OutcomeOptions;
import io.gmil.cohort.Sample;
import io.gmil.cohort.SampleLabel;
import io.gmil.model.Binomial;
import io.gmil.model.Categorical;
import io.gmil.model.Cells;
import io.gmil.model.Label;
import io.gmil.model.LabelScale;
import io.gmil.model.LabelledBag;
import io.gmil.model.Likelihood;
import io.gmil.model.Normal;
import io.gmil.model.RandomIntercepts;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A cohort in memory, for commands that go over the same cells many times: raw values, before any scaler. */
public final class CohortBags {

    /** The rest of the heap is left to the fit. */
    private static final double SHARE_OF_HEAP = 0.7;

    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    private final int width;
    private final List<Likelihood> likelihoods;
    private final List<String> covariates;
    private final RandomIntercepts groups;
    private final List<Sample> samples;
    private final float[][] values;
    private final int[] read;

    private CohortBags(Cohort cohort, List<OutcomeOptions> outcomes) {
        this.width = cohort.width();
        this.likelihoods = likelihoods(cohort, outcomes);
        this.covariates = List.copyOf(cohort.covariates());
        this.groups = new RandomIntercepts(cohort.groups());
        this.samples = List.copyOf(cohort.samples());
        this.values = new float[samples.size()][];
        this.read = new int[samples.size()];
    }

    private static List<Likelihood> likelihoods(Cohort cohort, List<OutcomeOptions> outcomes) {
        List<Likelihood> list = new ArrayList<>();
        for (OutcomeOptions outcome : outcomes) {
            list.add(
                    switch (outcome.likelihood()) {
                        case BERNOULLI -> new Binomial(1);
                        case BINOMIAL -> new Binomial(outcome.trials());
                        case NORMAL -> new Normal();
                        case CATEGORICAL ->
                            new Categorical(cohort.classes(list.size()).size());
                    });
        }
        return list;
    }

    /**
     * Reads all samples of a cohort.
     *
     * @param outcomes the cohort was opened with
     * @throws CohortException if the cohort is larger than memory, or something is wrong with it
     */
    public static CohortBags read(Cohort cohort, List<OutcomeOptions> outcomes) throws IOException {
        return read(cohort, outcomes, Runtime.getRuntime().maxMemory());
    }

    static CohortBags read(Cohort cohort, List<OutcomeOptions> outcomes, long heap) throws IOException {
        CohortBags bags = new CohortBags(cohort, outcomes);
        bags.allocate(heap);
        cohort.scan(bags::take);
        bags.requireAllCells();
        return bags;
    }

    private void allocate(long heap) {
        double needed = bytes();
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

    /** Of each outcome. */
    public List<Likelihood> likelihoods() {
        return likelihoods;
    }

    /** The levels of the grouping; none where the cohort was opened without. */
    public RandomIntercepts groups() {
        return groups;
    }

    /** Names of the covariates. */
    public List<String> covariates() {
        return covariates;
    }

    /** Cells of all samples. */
    public long cells() {
        return samples.stream().mapToLong(Sample::cells).sum();
    }

    /** Of the cells in memory. */
    double bytes() {
        return 4.0 * width * cells();
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
     * @param fixedEffects f (K + R) of the sample
     * @param scales of the labels of each outcome
     */
    public LabelledBag labelled(int index, double[] fixedEffects, List<LabelScale> scales) {
        Label[] labels = new Label[likelihoods.size()];
        for (int o = 0; o < labels.length; o++) {
            labels[o] = label(index, o, scales.get(o));
        }
        return new LabelledBag(cells(index), fixedEffects, labels);
    }

    private Label label(int index, int outcome, LabelScale scale) {
        return samples.get(index)
                .labels()
                .get(outcome)
                .map(label -> new Label(scale.scaled(label.value()), label.trials()))
                .orElse(null);
    }

    /** Of a Normal outcome by the labels of these samples, of others none. */
    public List<LabelScale> labelScales(int[] of) {
        List<LabelScale> scales = new ArrayList<>();
        for (int o = 0; o < likelihoods.size(); o++) {
            int outcome = o;
            scales.add(
                    likelihoods.get(o) instanceof Normal
                            ? LabelScale.of(Arrays.stream(of)
                                    .mapToObj(i -> samples.get(i).labels().get(outcome))
                                    .flatMap(Optional::stream)
                                    .mapToDouble(SampleLabel::value)
                                    .toArray())
                            : LabelScale.NONE);
        }
        return scales;
    }
}
