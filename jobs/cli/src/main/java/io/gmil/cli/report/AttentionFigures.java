package io.gmil.cli.report;

import io.gmil.schema.AttentionSummary;
import io.gmil.schema.CellTypeAttention;
import java.util.List;

/**
 * What an attention summary says besides its cells, which may be many.
 *
 * @param cells of the sample
 * @param weightQuantiles minimum, 25, 50, 75, 90, 99 % and maximum
 * @param byCellType of the types that are known
 */
public record AttentionFigures(
        String sampleId,
        String outcome,
        int cells,
        double entropy,
        double effectiveCells,
        List<Double> weightQuantiles,
        List<CellTypeAttention> byCellType) {

    /** Of a summary, or of the first of its parts. */
    public static AttentionFigures of(AttentionSummary summary) {
        return new AttentionFigures(
                summary.getSampleId(),
                summary.getOutcome(),
                summary.getCells(),
                summary.getEntropy(),
                summary.getEffectiveCells(),
                summary.getWeightQuantiles(),
                summary.getByCellType());
    }
}
