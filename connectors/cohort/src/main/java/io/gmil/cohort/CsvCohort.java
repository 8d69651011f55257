package io.gmil.cohort;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A tidy .csv or .csv.gz: one row a cell, features f0, f1, … and per-sample columns repeated on each. */
final class CsvCohort implements Cohort {

    static final String DEFAULT_SAMPLE = "bag_id";
    static final String CELL_ID = "cell_id";
    private static final Pattern FEATURE = Pattern.compile("f\\d+");

    private final CohortOptions options;
    private final CsvLayout layout;
    private final SampleIndex index;
    private final SampleTable table;

    private CsvCohort(CohortOptions options, CsvLayout layout, SampleIndex index, SampleTable table) {
        this.options = options;
        this.layout = layout;
        this.index = index;
        this.table = table;
    }

    /** Reads the whole file once for samples and their columns; features are parsed by {@link #scan} only. */
    static CsvCohort open(CohortOptions options) throws IOException {
        String file = options.file().getFileName().toString();
        String sampleColumn = options.sample().orElse(DEFAULT_SAMPLE);
        try (CsvRows rows = CsvRows.open(options.file())) {
            List<String> names = rows.header().stream()
                    .filter(name -> !FEATURE.matcher(name).matches())
                    .toList();
            SampleColumns columns = SampleColumns.plan(options, sampleColumn, names, file);
            CsvLayout layout = CsvLayout.of(rows.header(), sampleColumn, options, file);
            SampleIndex index = new SampleIndex(file, sampleColumn, columns.fromCells());
            count(rows, layout.sample(), index);
            if (index.ids().isEmpty()) {
                throw new CohortException(file + " has a header but no cells");
            }
            return new CsvCohort(options, layout, index, SampleTable.of(options, columns, index));
        }
    }

    private static void count(CsvRows rows, int sampleColumn, SampleIndex index) throws IOException {
        int[] positions =
                index.columns().stream().mapToInt(rows.header()::indexOf).toArray();
        String[] values = new String[positions.length];
        for (String[] row = rows.next(); row != null; row = rows.next()) {
            int sample = index.count(row[sampleColumn], rows.row() - 1);
            for (int c = 0; c < positions.length; c++) {
                values[c] = row[positions[c]];
            }
            index.note(sample, values);
        }
    }

    @Override
    public String description() {
        return options.file().getFileName() + ", " + width() + " features";
    }

    @Override
    public int width() {
        return layout.features().length;
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
        return layout.trueWeight() >= 0;
    }

    @Override
    public void scan(CellVisitor visitor) throws IOException {
        RunBuffer run = new RunBuffer(
                width(),
                layout.cellId() >= 0,
                layout.cellType() >= 0,
                hasTrueWeights(),
                samples().size());
        try (CsvRows rows = CsvRows.open(options.file())) {
            for (String[] row = rows.next(); row != null; row = rows.next()) {
                int cell = run.add(index.find(row[layout.sample()]), visitor);
                for (int q = 0; q < width(); q++) {
                    run.values()[cell * width() + q] = feature(row, q, rows.row());
                }
                if (layout.cellId() >= 0) {
                    run.cellIds()[cell] = row[layout.cellId()];
                }
                if (layout.cellType() >= 0) {
                    run.cellTypes()[cell] = SampleColumn.orNull(row[layout.cellType()]);
                }
                if (layout.trueWeight() >= 0) {
                    run.trueWeights()[cell] = number(row, layout.trueWeight(), rows.row());
                }
            }
            run.flush(visitor);
        }
    }

    private float feature(String[] row, int feature, long at) {
        String text = row[layout.features()[feature]];
        float value = Float.NaN;
        try {
            value = SampleColumn.isJavaLiteral(text) ? Float.NaN : Float.parseFloat(text);
        } catch (NumberFormatException e) {
            // Reported below with the place it is in.
        }
        if (!Float.isFinite(value)) {
            throw mismatch(row, layout.features()[feature], at, "finite number");
        }
        return value;
    }

    private double number(String[] row, int column, long at) {
        return SampleColumn.number(row[column]).orElseThrow(() -> mismatch(row, column, at, "number"));
    }

    private CohortException mismatch(String[] row, int column, long at, String expected) {
        return new CohortException("column '" + layout.header().get(column) + "' is " + NameList.quoted(row[column])
                + " in row " + at + " of " + options.file().getFileName() + " (sample "
                + NameList.quoted(row[layout.sample()]) + "); expected a " + expected);
    }

    @Override
    public void close() {
        // Each pass opens the file anew.
    }

    /**
     * Positions of the columns; -1 where there is none.
     *
     * @param features positions of f0, f1, …
     */
    @SuppressWarnings("ArrayRecordComponent") // a carrier, never compared or a key
    private record CsvLayout(
            List<String> header, int sample, int[] features, int cellId, int cellType, int trueWeight) {

        static CsvLayout of(List<String> header, String sampleColumn, CohortOptions options, String file) {
            List<Integer> features = new ArrayList<>();
            while (header.contains("f" + features.size())) {
                features.add(header.indexOf("f" + features.size()));
            }
            long named = header.stream().filter(FEATURE.asMatchPredicate()).count();
            if (features.isEmpty() || features.size() != named) {
                throw new CohortException("header of " + file + " has " + named + " feature columns but no 'f"
                        + features.size() + "'; expected f0, f1, ... without a gap; there are: " + NameList.of(header));
            }
            return new CsvLayout(
                    header,
                    header.indexOf(sampleColumn),
                    features.stream().mapToInt(Integer::intValue).toArray(),
                    header.indexOf(CELL_ID),
                    position(header, options.cellType(), file),
                    position(header, options.trueWeight(), file));
        }

        private static int position(List<String> header, Optional<String> column, String file) {
            column.ifPresent(name -> SampleColumns.requireColumn(name, header, file));
            return column.map(header::indexOf).orElse(-1);
        }
    }
}
