package io.gmil.cohort;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An AnnData file: cells in the order of its rows, samples and per-sample columns from {@code obs}. */
final class H5adCohort implements Cohort {

    private static final String DEFAULT_SAMPLE = "sample_id";
    private static final int MOST_FEATURES = 1 << 17;

    private final CohortOptions options;
    private final H5adFile file;
    private final ObsTable obs;
    private final Embedding embedding;
    private final SampleTable table;
    private final int[] sampleOf;

    private H5adCohort(CohortOptions options, H5adFile file) throws IOException {
        this.options = options;
        this.file = file;
        this.obs = ObsTable.of(file);
        this.embedding = Embeddings.find(file, options.embedding());
        if (embedding.rows() != obs.rows()) {
            throw new CohortException("embedding " + embedding.name() + " of " + file.name() + " has "
                    + embedding.rows() + " rows; expected one for each of " + obs.rows() + " cells in obs");
        }
        if (embedding.width() > MOST_FEATURES) {
            throw new CohortException("embedding " + embedding.name() + " of " + file.name() + " has "
                    + embedding.width() + " columns; expected at most " + MOST_FEATURES);
        }
        if (obs.rows() == 0) {
            throw new CohortException(file.name() + " has no cells");
        }
        String sampleColumn = options.sample().orElse(DEFAULT_SAMPLE);
        SampleColumns columns = SampleColumns.plan(options, sampleColumn, obs.names(), obs.place());
        options.cellType().ifPresent(name -> SampleColumns.requireColumn(name, obs.names(), obs.place()));
        options.trueWeight().ifPresent(name -> SampleColumns.requireColumn(name, obs.names(), obs.place()));
        SampleIndex index = new SampleIndex(obs.place(), sampleColumn, columns.fromCells());
        this.sampleOf = count(obs.column(sampleColumn), index);
        this.table = SampleTable.of(options, columns, index);
    }

    /** Reads {@code obs}; embeddings are read by {@link #scan} only. */
    static H5adCohort open(CohortOptions options) throws IOException {
        H5adFile file = H5adFile.open(options.file());
        try {
            return new H5adCohort(options, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        } catch (OutOfMemoryError e) {
            file.close();
            throw H5adFile.tooLarge(file.name(), "the cells", e);
        }
    }

    private int[] count(ObsColumn samples, SampleIndex index) {
        List<ObsColumn> columns = index.columns().stream().map(obs::column).toList();
        String[] values = new String[columns.size()];
        int[] samplesOfCells = new int[obs.rows()];
        for (int row = 0; row < samplesOfCells.length; row++) {
            samplesOfCells[row] = index.count(samples.text(row), row);
            for (int c = 0; c < values.length; c++) {
                values[c] = columns.get(c).text(row);
            }
            index.note(samplesOfCells[row], values);
        }
        return samplesOfCells;
    }

    @Override
    public String description() {
        return file.name() + ", " + embedding.name() + ", " + width() + " features";
    }

    @Override
    public int width() {
        return embedding.width();
    }

    @Override
    public List<String> covariates() {
        return options.covariates();
    }

    @Override
    public Map<String, List<String>> covariateCodes() {
        return table.codes();
    }

    @Override
    public List<String> classes(int outcome) {
        return table.classes().get(outcome);
    }

    @Override
    public List<String> groups() {
        return table.groups();
    }

    @Override
    public List<Sample> samples() {
        return table.samples();
    }

    @Override
    public boolean hasTrueWeights() {
        return options.trueWeight().isPresent();
    }

    @Override
    public void scan(CellVisitor visitor) throws IOException {
        ObsColumn ids = obs.index();
        Optional<ObsColumn> types = options.cellType().map(obs::column);
        Optional<ObsColumn> weights = options.trueWeight().map(obs::column);
        RunBuffer run = new RunBuffer(
                width(), true, types.isPresent(), weights.isPresent(), samples().size());
        int row = 0;
        while (row < sampleOf.length) {
            int count = runLength(row);
            run.fill(sampleOf[row], count);
            read(row, count, run.values());
            for (int r = 0; r < count; r++) {
                run.cellIds()[r] = ids.text(row + r);
                if (types.isPresent()) {
                    run.cellTypes()[r] = SampleColumn.orNull(types.get().text(row + r));
                }
                if (weights.isPresent()) {
                    run.trueWeights()[r] = weight(weights.get(), row + r);
                }
            }
            run.flush(visitor);
            row += count;
        }
    }

    private void read(int row, int count, float[] into) throws IOException {
        try {
            embedding.read(row, count, into);
        } catch (OutOfMemoryError e) {
            throw H5adFile.tooLarge(file.name(), embedding.name(), e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | ArithmeticException e) {
            // Sizes of a damaged file that contradict each other.
            throw new CohortException(
                    "cannot read " + embedding.name() + " of " + file.name() + "; the file is damaged", e);
        }
        checkFinite(into, row, count);
    }

    private int runLength(int row) {
        int end = row + 1;
        int last = Math.min(sampleOf.length, row + RunBuffer.rows(width()));
        while (end < last && sampleOf[end] == sampleOf[row]) {
            end++;
        }
        return end - row;
    }

    private void checkFinite(float[] values, int row, int count) {
        for (int i = 0; i < count * width(); i++) {
            if (!Float.isFinite(values[i])) {
                int at = row + i / width();
                throw new CohortException("embedding " + embedding.name() + " of " + file.name() + " is " + values[i]
                        + " in cell row " + at + " (from 0), column " + i % width() + ", sample "
                        + NameList.quoted(samples().get(sampleOf[at]).id()) + "; expected a finite float");
            }
        }
    }

    private double weight(ObsColumn weights, int row) {
        return weights.number(row)
                .orElseThrow(() ->
                        new CohortException("column '" + options.trueWeight().get() + "' of " + obs.place()
                                + " has no number in row " + row + " (from 0), sample "
                                + NameList.quoted(samples().get(sampleOf[row]).id())));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
