package io.gmil.cohort;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import io.jhdf.api.WritableNode;
import io.jhdf.api.dataset.ContiguousDataset;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Writes a cohort as AnnData. The HDF5 library takes datasets as whole arrays, so it is given placeholders of the right
 * shape whose rows are all the same object; the cells are then streamed into the places the library gave the datasets.
 */
final class H5adExport {

    private static final String EMBEDDING = "X_emb";
    private static final String SAMPLE = "sample_id";
    private static final String INDEX = "_index";

    private final Cohort cohort;
    private final ExportColumns columns;
    private final int cells;
    private final int idBytes;
    private final List<String> classes;

    H5adExport(Cohort cohort, ExportColumns columns) {
        this.cohort = cohort;
        this.columns = columns;
        long count = columns.samples().stream().mapToLong(Sample::cells).sum();
        // The library encodes a column of doubles into one buffer.
        if (count > Integer.MAX_VALUE / Double.BYTES) {
            throw new CohortException("cannot write " + count + " cells to .h5ad; expected at most "
                    + Integer.MAX_VALUE / Double.BYTES + ", write .csv.gz instead");
        }
        this.cells = (int) count;
        this.idBytes =
                columns.hasIds() ? columns.longestId() : Integer.toString(cells).length();
        this.classes = cohort.classes();
    }

    void write(Path file) throws IOException {
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            encode(hdf, "anndata", "0.1.0");
            writeObs(encode(hdf.putGroup("obs"), "dataframe", "0.2.0"));
            WritableGroup variables = encode(hdf.putGroup("var"), "dataframe", "0.2.0");
            String[] features =
                    IntStream.range(0, cohort.width()).mapToObj(q -> "f" + q).toArray(String[]::new);
            encode(variables.putDataset(INDEX, features), "string-array", "0.2.0");
            variables.putAttribute(INDEX, INDEX);
            // The library writes no empty list of columns, so that there has to be one.
            encode(variables.putDataset("feature", features), "string-array", "0.2.0");
            variables.putAttribute("column-order", new String[] {"feature"});
            float[][] placeholder =
                    Collections.nCopies(cells, new float[cohort.width()]).toArray(new float[0][]);
            WritableGroup obsm = encode(hdf.putGroup("obsm"), "dict", "0.1.0");
            encode(obsm.putDataset(EMBEDDING, placeholder), "array", "0.2.0");
        }
        fill(file);
    }

    private static <T extends WritableNode> T encode(T node, String type, String version) {
        node.putAttribute("encoding-type", type);
        node.putAttribute("encoding-version", version);
        return node;
    }

    private void writeObs(WritableGroup obs) {
        putTexts(obs, INDEX, idBytes);
        obs.putAttribute(INDEX, INDEX);
        List<String> order = new ArrayList<>();
        for (Text column : texts()) {
            order.add(column.name);
            putTexts(obs, column.name, column.bytes());
        }
        double[] numbers = new double[cells];
        for (Numeric column : numerics()) {
            order.add(column.name);
            encode(obs.putDataset(column.name, numbers), "array", "0.2.0");
        }
        obs.putAttribute("column-order", order.toArray(String[]::new));
    }

    private void putTexts(WritableGroup obs, String name, int bytes) {
        String[] placeholder = Collections.nCopies(cells, "x".repeat(bytes)).toArray(String[]::new);
        encode(obs.putDataset(name, placeholder), "string-array", "0.2.0");
    }

    private interface Code {
        int of(CellRun run, int row);
    }

    /** A column of text: the library cannot mark a categorical one as anndata wants it, which makes it one itself. */
    private record Text(String name, List<String> values, Code code) {

        int bytes() {
            return values.stream()
                    .mapToInt(value -> value.getBytes(StandardCharsets.UTF_8).length)
                    .max()
                    .orElse(1);
        }

        /** Bytes of the value of a cell; none where it is missing. */
        byte[] of(CellRun run, int row) {
            int index = code.of(run, row);
            return index < 0 ? new byte[0] : values.get(index).getBytes(StandardCharsets.UTF_8);
        }
    }

    private interface Value {
        double of(CellRun run, int row);
    }

    private record Numeric(String name, Value value) {}

    private Sample sample(CellRun run) {
        return columns.samples().get(run.sample());
    }

    private List<Text> texts() {
        List<Text> list = new ArrayList<>();
        List<String> ids = columns.samples().stream().map(Sample::id).toList();
        list.add(new Text(SAMPLE, ids, (run, r) -> run.sample()));
        list.add(new Text(ExportColumns.SPLIT, ExportColumns.SIDES, (run, r) -> ExportColumns.side(sample(run))));
        if (columns.patients()) {
            List<String> patients =
                    columns.samples().stream().map(Sample::patientId).distinct().toList();
            int[] ofSample = columns.samples().stream()
                    .mapToInt(sample -> patients.indexOf(sample.patientId()))
                    .toArray();
            list.add(new Text(ExportColumns.PATIENT, patients, (run, r) -> ofSample[run.sample()]));
        }
        if (!classes.isEmpty()) {
            list.add(new Text(ExportColumns.LABEL, classes, (run, r) ->
                    (int) sample(run).label().orElse(-1)));
        }
        if (columns.hasTypes()) {
            list.add(new Text(
                    ExportColumns.CELL_TYPE,
                    columns.cellTypes(),
                    (run, r) -> run.cellTypes()[r] == null
                            ? -1
                            : Collections.binarySearch(columns.cellTypes(), run.cellTypes()[r])));
        }
        return list;
    }

    private List<Numeric> numerics() {
        List<Numeric> list = new ArrayList<>();
        if (classes.isEmpty()) {
            list.add(new Numeric(
                    ExportColumns.LABEL, (run, r) -> sample(run).label().orElse(Double.NaN)));
        }
        if (columns.effects()) {
            list.add(new Numeric(
                    ExportColumns.EFFECT, (run, r) -> sample(run).trueEffect().orElse(Double.NaN)));
        }
        if (columns.weights()) {
            list.add(new Numeric(ExportColumns.WEIGHT, (run, r) -> run.trueWeights()[r]));
        }
        for (int k = 0; k < columns.covariates().size(); k++) {
            int covariate = k;
            list.add(new Numeric(
                    columns.covariates().get(k), (run, r) -> sample(run).covariates()[covariate]));
        }
        return list;
    }

    private void fill(Path file) throws IOException {
        try (HdfFile hdf = new HdfFile(file);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Region features = region(hdf, channel, "obsm/" + EMBEDDING, cohort.width() * Float.BYTES);
            Region ids = region(hdf, channel, "obs/" + INDEX, idBytes + 1);
            List<Region> regions = new ArrayList<>(List.of(features, ids));
            List<Region> codes = new ArrayList<>();
            List<Text> texts = texts();
            for (Text column : texts) {
                codes.add(region(hdf, channel, "obs/" + column.name, column.bytes() + 1));
            }
            List<Region> numbers = new ArrayList<>();
            List<Numeric> numerics = numerics();
            for (Numeric column : numerics) {
                numbers.add(region(hdf, channel, "obs/" + column.name, Double.BYTES));
            }
            regions.addAll(codes);
            regions.addAll(numbers);
            int[] row = new int[1];
            cohort.scan(run -> {
                for (int r = 0; r < run.rows(); r++, row[0]++) {
                    features.row().asFloatBuffer().put(run.values(), r * cohort.width(), cohort.width());
                    String id = columns.hasIds() ? run.cellIds()[r] : Integer.toString(row[0]);
                    ids.row().put(id.getBytes(StandardCharsets.UTF_8));
                    for (int c = 0; c < texts.size(); c++) {
                        codes.get(c).row().put(texts.get(c).of(run, r));
                    }
                    for (int c = 0; c < numerics.size(); c++) {
                        numbers.get(c).row().putDouble(numerics.get(c).value.of(run, r));
                    }
                }
            });
            for (Region region : regions) {
                region.flush();
            }
        }
    }

    private static Region region(HdfFile hdf, FileChannel channel, String path, int rowBytes) {
        ContiguousDataset dataset = (ContiguousDataset) hdf.getDatasetByPath(path);
        return new Region(channel, dataset.getDataAddress(), rowBytes);
    }
}
