package io.gmil.cohort;

import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes a cohort as tidy CSV. */
final class CsvExport {

    private static final ObjectWriter ROWS =
            new CsvMapper().writer().with(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING);

    private CsvExport() {}

    static void write(Cohort cohort, ExportColumns columns, Path file, boolean gzip) throws IOException {
        try (OutputStream raw = Files.newOutputStream(file);
                OutputStream out = gzip ? new GZIPOutputStream(raw, 1 << 16) : raw;
                Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), 1 << 16);
                SequenceWriter rows = ROWS.writeValues(text)) {
            rows.write(header(columns, cohort.width()));
            List<List<String>> ofSamples =
                    columns.samples().stream().map(columns::values).toList();
            cohort.scan(run -> {
                for (int r = 0; r < run.rows(); r++) {
                    rows.write(row(columns, ofSamples.get(run.sample()), run, r, cohort.width()));
                }
            });
        }
    }

    private static List<String> header(ExportColumns columns, int width) {
        List<String> header = new ArrayList<>();
        header.add(CsvCohort.DEFAULT_SAMPLE);
        if (columns.hasIds()) {
            header.add(CsvCohort.CELL_ID);
        }
        header.addAll(columns.names());
        if (columns.weights()) {
            header.add(ExportColumns.WEIGHT);
        }
        if (columns.hasTypes()) {
            header.add(ExportColumns.CELL_TYPE);
        }
        columns.further().forEach(column -> header.add(column.name()));
        header.addAll(columns.covariates());
        for (int q = 0; q < width; q++) {
            header.add("f" + q);
        }
        return header;
    }

    private static List<String> row(ExportColumns columns, List<String> ofSample, CellRun run, int r, int width) {
        Sample sample = columns.samples().get(run.sample());
        List<String> row = new ArrayList<>(ofSample.size() + width + 8);
        row.add(sample.id());
        if (columns.hasIds()) {
            row.add(run.cellIds()[r]);
        }
        row.addAll(ofSample);
        if (columns.weights()) {
            row.add(Double.toString(run.trueWeights()[r]));
        }
        if (columns.hasTypes()) {
            row.add(run.cellTypes()[r] == null ? "" : run.cellTypes()[r]);
        }
        for (CellColumn column : columns.further()) {
            row.add(ExportColumns.text(column.value().of(run, r)));
        }
        for (double covariate : sample.covariates()) {
            row.add(ExportColumns.text(covariate));
        }
        for (int q = 0; q < width; q++) {
            row.add(Float.toString(run.values()[r * width + q]));
        }
        return row;
    }
}
