package io.gmil.cohort;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * A dataset of an exported AnnData file that has one row a cell.
 *
 * @param name column of obs, or embedding of obsm
 * @param rowBytes bytes of one cell
 * @param text whether it holds texts, else numbers
 * @param cell writes one cell
 */
record H5adColumn(String name, int rowBytes, boolean text, Cell cell) {

    /** Writes row r of a run. */
    @FunctionalInterface
    interface Cell {
        void put(ByteBuffer into, CellRun run, int r) throws IOException;
    }

    private static final String SAMPLE = "sample_id";

    /** Barcodes, or the row where cells have none. */
    static H5adColumn index(String name, ExportColumns columns, int cells) {
        int[] row = new int[1];
        int bytes =
                columns.hasIds() ? columns.longestId() : Integer.toString(cells).length();
        return new H5adColumn(name, bytes + 1, true, (into, run, r) -> {
            String id = columns.hasIds() ? run.cellIds()[r] : Integer.toString(row[0]++);
            into.put(id.getBytes(StandardCharsets.UTF_8));
        });
    }

    /** The embedding as float32. */
    static H5adColumn embedding(String name, int width) {
        return new H5adColumn(name, width * Float.BYTES, false, (into, run, r) -> into.asFloatBuffer()
                .put(run.values(), r * width, width));
    }

    /** Columns of obs without the index. */
    static List<H5adColumn> obs(ExportColumns columns) {
        List<Sample> samples = columns.samples();
        List<H5adColumn> list = new ArrayList<>();
        list.add(ofSample(SAMPLE, samples.stream().map(Sample::id).toList()));
        List<String> sides = samples.stream()
                .map(sample -> ExportColumns.SIDES.get(ExportColumns.side(sample)))
                .toList();
        list.add(ofSample(ExportColumns.SPLIT, sides));
        if (columns.patients()) {
            list.add(ofSample(
                    ExportColumns.PATIENT,
                    samples.stream().map(Sample::patientId).toList()));
        }
        if (columns.groups()) {
            list.add(ofSample(
                    ExportColumns.GROUP,
                    samples.stream().map(sample -> sample.group().orElse("")).toList()));
        }
        if (columns.hasTypes()) {
            list.add(cellTypes(columns.cellTypes()));
        }
        if (!columns.classes().isEmpty()) {
            list.add(ofSample(
                    ExportColumns.LABEL, samples.stream().map(columns::label).toList()));
        }
        addNumbers(columns, list);
        return list;
    }

    private static void addNumbers(ExportColumns columns, List<H5adColumn> list) {
        List<Sample> samples = columns.samples();
        if (columns.classes().isEmpty()) {
            list.add(number(
                    ExportColumns.LABEL, samples, sample -> sample.label().orElse(Double.NaN)));
        }
        if (columns.effects()) {
            list.add(number(
                    ExportColumns.EFFECT, samples, sample -> sample.trueEffect().orElse(Double.NaN)));
        }
        if (columns.weights()) {
            list.add(new H5adColumn(
                    ExportColumns.WEIGHT, Double.BYTES, false, (into, run, r) -> into.putDouble(run.trueWeights()[r])));
        }
        for (CellColumn column : columns.further()) {
            list.add(new H5adColumn(
                    column.name(),
                    Double.BYTES,
                    false,
                    (into, run, r) -> into.putDouble(column.value().of(run, r))));
        }
        for (int k = 0; k < columns.covariates().size(); k++) {
            int covariate = k;
            list.add(number(columns.covariates().get(k), samples, sample -> sample.covariates()[covariate]));
        }
    }

    private static H5adColumn number(String name, List<Sample> samples, ToDoubleFunction<Sample> value) {
        return new H5adColumn(
                name,
                Double.BYTES,
                false,
                (into, run, r) -> into.putDouble(value.applyAsDouble(samples.get(run.sample()))));
    }

    private static H5adColumn ofSample(String name, List<String> values) {
        byte[][] bytes = utf8(values);
        return new H5adColumn(name, longest(bytes) + 1, true, (into, run, r) -> into.put(bytes[run.sample()]));
    }

    private static H5adColumn cellTypes(List<String> types) {
        Map<String, byte[]> bytes = new HashMap<>();
        types.forEach(type -> bytes.put(type, type.getBytes(StandardCharsets.UTF_8)));
        bytes.put(null, new byte[0]);
        return new H5adColumn(
                ExportColumns.CELL_TYPE,
                longest(utf8(types)) + 1,
                true,
                (into, run, r) -> into.put(bytes.get(run.cellTypes()[r])));
    }

    private static byte[][] utf8(List<String> texts) {
        return texts.stream()
                .map(value -> value.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
    }

    private static int longest(byte[][] texts) {
        ToIntFunction<byte[]> length = text -> text.length;
        return Math.max(1, Arrays.stream(texts).mapToInt(length).max().orElse(1));
    }

    /** Values of the right shape for the HDF5 library, all of them one object; overwritten afterwards. */
    Object placeholder(int cells) {
        return text ? Collections.nCopies(cells, "x".repeat(rowBytes - 1)).toArray(String[]::new) : new double[cells];
    }
}
