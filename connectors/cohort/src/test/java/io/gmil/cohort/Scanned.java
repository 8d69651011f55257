package io.gmil.cohort;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Every cell of a cohort, copied out of its runs. */
record Scanned(List<Sample> samples, List<Cell> cells) {

    /** One cell, and the row it says it has within its sample. */
    record Cell(String sample, int row, List<Float> values, String id, String type, Double weight) {}

    static Scanned of(Cohort cohort) throws IOException {
        List<Cell> cells = new ArrayList<>();
        cohort.scan(run -> {
            for (int r = 0; r < run.rows(); r++) {
                List<Float> values = new ArrayList<>();
                for (int q = 0; q < cohort.width(); q++) {
                    values.add(run.values()[r * cohort.width() + q]);
                }
                cells.add(new Cell(
                        cohort.samples().get(run.sample()).id(),
                        run.firstCell() + r,
                        values,
                        run.cellIds() == null ? null : run.cellIds()[r],
                        run.cellTypes() == null ? null : run.cellTypes()[r],
                        run.trueWeights() == null ? null : run.trueWeights()[r]));
            }
        });
        return new Scanned(cohort.samples(), cells);
    }
}
