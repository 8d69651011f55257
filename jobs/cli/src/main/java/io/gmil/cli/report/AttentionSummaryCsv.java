package io.gmil.cli.report;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** {@code attention-summary.csv}: how attention is spread over the cells of each sample; the columns are a contract. */
public final class AttentionSummaryCsv {

    static final String HEADER = "sample_id,outcome,cells,entropy,effective_cells,"
            + "weight_min,weight_q25,weight_q50,weight_q75,weight_q90,weight_q99,weight_max";

    private AttentionSummaryCsv() {}

    /** Writes the figures in the order given; null has no line. */
    public static void write(Path file, List<AttentionFigures> figures) throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write(HEADER + "\n");
            for (AttentionFigures of : figures) {
                if (of != null) {
                    writer.write(line(of) + "\n");
                }
            }
        }
    }

    private static String line(AttentionFigures of) {
        List<Object> values = new ArrayList<>(
                Arrays.asList(of.sampleId(), of.outcome(), of.cells(), of.entropy(), of.effectiveCells()));
        values.addAll(of.weightQuantiles());
        return Csv.line(values.toArray());
    }
}
