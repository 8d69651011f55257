package io.gmil.cohort;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Per-sample columns from a CSV of their own, one row a sample. */
final class LabelsFile {

    private final String name;
    private final List<String> header;
    private final Map<String, String[]> bySample;

    private LabelsFile(String name, List<String> header, Map<String, String[]> bySample) {
        this.name = name;
        this.header = header;
        this.bySample = bySample;
    }

    /** A file without columns, for a cohort that has none. */
    static LabelsFile none() {
        return new LabelsFile("", List.of(), Map.of());
    }

    /**
     * Reads all rows.
     *
     * @param sampleColumn column of the sample's id, named as in the cohort file
     * @throws CohortException if that column is missing, or a sample is missing or named twice
     */
    static LabelsFile read(Path file, String sampleColumn) throws IOException {
        String name = file.getFileName().toString();
        Map<String, String[]> bySample = new HashMap<>();
        try (CsvRows rows = CsvRows.open(file)) {
            int key = rows.header().indexOf(sampleColumn);
            if (key < 0) {
                throw new CohortException("no column '" + sampleColumn + "' in " + name
                        + ", which names the sample as in the cohort file; there are: " + NameList.of(rows.header()));
            }
            for (String[] row = rows.next(); row != null; row = rows.next()) {
                if (row[key].isBlank()) {
                    throw new CohortException(
                            "row " + rows.row() + " of " + name + " names no sample in '" + sampleColumn + "'");
                }
                if (bySample.put(row[key], row) != null) {
                    throw new CohortException("row " + rows.row() + " of " + name + " names sample "
                            + NameList.quoted(row[key]) + " a second time; expected one row a sample");
                }
            }
            return new LabelsFile(name, rows.header(), bySample);
        }
    }

    boolean has(String column) {
        return header.contains(column);
    }

    List<String> header() {
        return header;
    }

    String name() {
        return name;
    }

    /** The column's value for each of the samples; missing where the file has no row for one. */
    SampleColumn column(String column, List<String> samples) {
        int index = header.indexOf(column);
        String[] values = samples.stream()
                .map(bySample::get)
                .map(row -> row == null ? "" : row[index])
                .toArray(String[]::new);
        return SampleColumn.of(column, name, values);
    }

    /** Refuses a file of another cohort: none of its rows is about one of the samples. */
    void checkMatches(List<String> samples, String place) {
        if (!header.isEmpty() && samples.stream().noneMatch(bySample::containsKey)) {
            throw new CohortException("no sample of " + name + " is in " + place + "; there: "
                    + NameList.of(List.copyOf(bySample.keySet()).stream()
                            .sorted()
                            .limit(3)
                            .toList()) + "; here: "
                    + NameList.of(samples.subList(0, Math.min(3, samples.size()))));
        }
    }
}
