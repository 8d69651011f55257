package io.gmil.cohort;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.WritableGroup;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Writes an AnnData file with one feature and the columns that a test gives obs. */
final class TestH5ad {

    private TestH5ad() {}

    /** @param samples sample of each cell */
    static Path write(Path file, String[] samples, Consumer<WritableGroup> columns) {
        try (WritableHdfFile hdf = HdfFile.write(file)) {
            WritableGroup obs = hdf.putGroup("obs");
            obs.putAttribute("_index", "barcode");
            obs.putDataset(
                    "barcode",
                    IntStream.range(0, samples.length).mapToObj(i -> "c" + i).toArray(String[]::new));
            obs.putDataset("sample_id", samples);
            columns.accept(obs);
            hdf.putDataset("X", new float[samples.length][1]);
        }
        return file;
    }
}
