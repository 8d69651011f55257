package io.gmil.cohort;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Gathers the samples of a cohort while its cells pass by: their order, sizes and the per-sample values that are repeated
 * on every cell.
 */
final class SampleIndex {

    private final String place;
    private final String sampleColumn;
    private final List<String> columns;
    private final Map<String, Integer> byId = new HashMap<>();
    private final List<String> ids = new ArrayList<>();
    private final List<String[]> values = new ArrayList<>();
    private int[] cells = new int[16];
    private String lastId;
    private int last;

    /**
     * @param place where the cells are, for messages
     * @param sampleColumn column of the sample
     * @param columns per-sample columns taken from the cells
     */
    SampleIndex(String place, String sampleColumn, List<String> columns) {
        this.place = place;
        this.sampleColumn = sampleColumn;
        this.columns = List.copyOf(columns);
    }

    List<String> columns() {
        return columns;
    }

    String place() {
        return place;
    }

    /** Index of the sample a cell belongs to; a new one at its first cell. {@code row} counts from 0. */
    int count(String id, long row) {
        if (id == null || id.isBlank()) {
            throw new CohortException("cell row " + row + " (from 0) of " + place + " names no sample in column '"
                    + sampleColumn + "'; expected a sample of every cell");
        }
        // Cells of a sample mostly follow each other, and readers hand out the same String object for them.
        if (!id.equals(lastId)) {
            last = byId.computeIfAbsent(id, this::append);
            lastId = id;
        }
        cells[last]++;
        return last;
    }

    private int append(String id) {
        int index = ids.size();
        ids.add(id);
        values.add(null);
        if (index == cells.length) {
            cells = Arrays.copyOf(cells, 2 * index);
        }
        return index;
    }

    /** Notes the values of one cell, in the order of {@link #columns()}; they must equal those of the sample's others. */
    void note(int sample, String[] ofCell) {
        String[] known = values.get(sample);
        if (known == null) {
            values.set(sample, ofCell.clone());
            return;
        }
        for (int c = 0; c < ofCell.length; c++) {
            if (!Objects.equals(known[c], ofCell[c])) {
                throw new CohortException("column '" + columns.get(c) + "' of " + place + " has two values in sample "
                        + NameList.quoted(ids.get(sample)) + ": " + NameList.quoted(known[c]) + " and "
                        + NameList.quoted(ofCell[c]) + "; expected one value a sample");
            }
        }
    }

    /** Index of a sample seen before. */
    int find(String id) {
        if (!id.equals(lastId)) {
            Integer index = byId.get(id);
            if (index == null) {
                throw new CohortException(
                        place + " changed while it was read: sample " + NameList.quoted(id) + " is new");
            }
            last = index;
            lastId = id;
        }
        return last;
    }

    List<String> ids() {
        return ids;
    }

    int cells(int sample) {
        return cells[sample];
    }

    /** One of {@link #columns()} with a value per sample. */
    SampleColumn column(String name) {
        int column = columns.indexOf(name);
        return SampleColumn.of(name, place, values.stream().map(v -> v[column]).toArray(String[]::new));
    }
}
