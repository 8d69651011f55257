package io.gmil.cli.report;

import io.gmil.schema.CellTypeAttention;
import io.gmil.schema.Prediction;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * {@code cell-types.csv}: of each sample the share of its cells, of its attention and of its bag effect that each cell type
 * has; the columns are a contract. Types are in the order of their mass. Cells of unknown type have a line with an empty type,
 * so that shares and masses add up to 1 and contributions to the bag effect.
 */
public final class CellTypesCsv {

    static final String HEADER = "sample_id,outcome,cell_type,cells,share,mass,contribution";

    private static final Comparator<CellTypeAttention> HEAVIEST_FIRST = Comparator.comparingDouble(
                    CellTypeAttention::getMass)
            .reversed()
            .thenComparing(CellTypeAttention::getCellType);

    private CellTypesCsv() {}

    /**
     * Writes samples in the order given; null has no lines.
     *
     * @param predictions that the figures are of
     */
    public static void write(Path file, List<AttentionFigures> figures, List<Prediction> predictions)
            throws IOException {
        try (BufferedWriter writer = Files.newBufferedWriter(file)) {
            writer.write(HEADER + "\n");
            for (int i = 0; i < figures.size(); i++) {
                if (figures.get(i) != null) {
                    for (CellTypeAttention type : types(figures.get(i), predictions.get(i))) {
                        writer.write(line(figures.get(i), type) + "\n");
                    }
                }
            }
        }
    }

    private static List<CellTypeAttention> types(AttentionFigures of, Prediction prediction) {
        List<CellTypeAttention> types = new ArrayList<>(of.byCellType());
        types.sort(HEAVIEST_FIRST);
        int cells = of.cells();
        double mass = 1;
        double contribution = prediction == null ? Double.NaN : prediction.getRandomEffect();
        for (CellTypeAttention type : types) {
            cells -= type.getCells();
            mass -= type.getMass();
            contribution -= type.getContribution();
        }
        if (cells > 0) {
            types.add(new CellTypeAttention("", cells, Math.max(0, mass), contribution));
        }
        return types;
    }

    private static String line(AttentionFigures of, CellTypeAttention type) {
        return Csv.line(
                of.sampleId(),
                of.outcome(),
                type.getCellType(),
                type.getCells(),
                (double) type.getCells() / of.cells(),
                type.getMass(),
                type.getContribution());
    }
}
