package io.gmil.cohort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/** Writes a cohort to a file that {@link Cohorts#open} reads back with the same values. */
public final class CohortWriter {

    private CohortWriter() {}

    /**
     * Writes all samples and cells.
     *
     * <ul>
     *   <li>{@code .csv}, {@code .csv.gz}: one row a cell with bag_id, cell_id, patient, label, split, batch, u_true,
     *       w_true, cell_type (each where known), the covariates and f0, f1, …
     *   <li>{@code .h5ad}: AnnData with the embedding as float32 in {@code obsm/X_emb} and the same columns in {@code obs},
     *       the sample as {@code sample_id}
     * </ul>
     *
     * {@code split} is {@code train} or {@code test}. A categorical label is written by the names of its classes, an unknown
     * one is left empty; the number
     * of trials is not written. Nothing is left behind under the file's name when writing fails.
     *
     * @throws CohortException if the name ends otherwise, the cohort has several outcomes, or a covariate has the name of another column
     */
    public static void write(Cohort cohort, Path file) throws IOException {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        boolean h5ad = name.endsWith(".h5ad");
        boolean gzip = name.endsWith(".csv.gz");
        if (!h5ad && !gzip && !name.endsWith(".csv")) {
            throw new CohortException(
                    "cannot write a cohort to " + file + "; expected a name that ends in .h5ad, .csv or" + " .csv.gz");
        }
        Path directory = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(directory)) {
            throw new CohortException("no directory " + directory + " to write " + file.getFileName() + " to");
        }
        ExportColumns columns = ExportColumns.of(cohort);
        Path part = directory.resolve(file.getFileName() + ".part");
        Files.deleteIfExists(part);
        // An interrupted process leaves nothing behind either.
        part.toFile().deleteOnExit();
        try {
            if (h5ad) {
                new H5adExport(cohort, columns).write(part);
            } else {
                CsvExport.write(cohort, columns, part, gzip);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
