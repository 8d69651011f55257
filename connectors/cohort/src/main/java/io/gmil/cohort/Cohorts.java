package io.gmil.cohort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Opens cohort files. */
public final class Cohorts {

    private Cohorts() {}

    /**
     * Opens the cohort by the end of its file name: {@code .h5ad}, {@code .csv} or {@code .csv.gz}. Names and per-sample
     * columns are read and checked; embeddings are not.
     *
     * @return an open cohort, to be closed by the caller
     * @throws CohortException if the file or the options cannot be used: what, expected, got, where
     * @throws IOException if the file cannot be read for a reason of the machine rather than of its contents
     */
    public static Cohort open(CohortOptions options) throws IOException {
        Path file = options.file();
        String name = file.toString().toLowerCase(Locale.ROOT);
        boolean h5ad = name.endsWith(".h5ad");
        if (!h5ad && !name.endsWith(".csv") && !name.endsWith(".csv.gz")) {
            throw new CohortException(
                    "cannot tell the format of " + file + "; expected a name that ends in .h5ad, .csv or" + " .csv.gz");
        }
        if (!Files.exists(file)) {
            throw new CohortException("no file " + file);
        }
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new CohortException(file + " is not a readable file");
        }
        return h5ad ? H5adCohort.open(options) : CsvCohort.open(options);
    }
}
