package io.gmil.cohort;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import io.jhdf.api.WritableNode;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.channels.FileChannel;
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
    private static final String INDEX = "_index";

    private final Cohort cohort;
    private final ExportColumns columns;
    private final int cells;

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
    }

    void write(Path file) throws IOException {
        try {
            layOut(file);
            fill(file);
        } catch (HdfException e) {
            throw new IOException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private void layOut(Path file) {
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
    }

    private static <T extends WritableNode> T encode(T node, String type, String version) {
        node.putAttribute("encoding-type", type);
        node.putAttribute("encoding-version", version);
        return node;
    }

    private void writeObs(WritableGroup obs) {
        obs.putAttribute(INDEX, INDEX);
        put(obs, H5adColumn.index(INDEX, columns, cells));
        List<String> order = new ArrayList<>();
        for (H5adColumn column : H5adColumn.obs(columns)) {
            order.add(column.name());
            put(obs, column);
        }
        obs.putAttribute("column-order", order.toArray(String[]::new));
    }

    /** Texts are no categories: the library cannot mark those as anndata wants it, which makes them ones itself. */
    private void put(WritableGroup obs, H5adColumn column) {
        encode(
                obs.putDataset(column.name(), column.placeholder(cells)),
                column.text() ? "string-array" : "array",
                "0.2.0");
    }

    private void fill(Path file) throws IOException {
        try (HdfFile hdf = new HdfFile(file);
                FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            List<H5adColumn> list = new ArrayList<>(H5adColumn.obs(columns));
            list.add(H5adColumn.index(INDEX, columns, cells));
            List<Region> regions = new ArrayList<>();
            for (H5adColumn column : list) {
                regions.add(region(hdf, channel, "obs/" + column.name(), column.rowBytes()));
            }
            H5adColumn embedding = H5adColumn.embedding(EMBEDDING, cohort.width());
            list.add(embedding);
            regions.add(region(hdf, channel, "obsm/" + EMBEDDING, embedding.rowBytes()));
            cohort.scan(run -> {
                for (int r = 0; r < run.rows(); r++) {
                    for (int c = 0; c < list.size(); c++) {
                        list.get(c).cell().put(regions.get(c).row(), run, r);
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
