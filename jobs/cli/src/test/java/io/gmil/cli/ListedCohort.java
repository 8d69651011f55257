package io.gmil.cli;

import io.gmil.cohort.CellRun;
import io.gmil.cohort.Cohort;
import io.gmil.cohort.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;

/** A small cohort in memory. Cells can lie in runs of several samples by turns, as in a real file. */
public final class ListedCohort implements Cohort {

    private final int width;
    private final int runLength;
    private final boolean trueWeights;
    private final List<Sample> samples = new ArrayList<>();
    private final List<float[]> values = new ArrayList<>();

    /** @param runLength cells of a sample that are neighbours, before the next sample's turn */
    public ListedCohort(int width, int runLength, boolean trueWeights) {
        this.width = width;
        this.runLength = runLength;
        this.trueWeights = trueWeights;
    }

    /** Adds a sample with seeded values. */
    public ListedCohort add(String id, int cells, OptionalDouble label, boolean training, double... covariates) {
        samples.add(new Sample(id, "patient-" + id, cells, label, covariates, training, OptionalDouble.empty()));
        Random random = new Random(samples.size());
        float[] matrix = new float[cells * width];
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = (float) random.nextGaussian();
        }
        values.add(matrix);
        return this;
    }

    public float[] values(int sample) {
        return values.get(sample);
    }

    public static String cellId(int sample, int cell) {
        return "cell-" + sample + "-" + cell;
    }

    public static String cellType(int cell) {
        return cell % 5 == 4 ? null : "type " + cell % 3;
    }

    /** Known weight of a cell. */
    public double trueWeight(int sample, int cell) {
        return (cell + 1.0) / samples.get(sample).cells();
    }

    @Override
    public void scan(CellVisitor visitor) throws IOException {
        boolean more = true;
        for (int first = 0; more; first += runLength) {
            more = false;
            for (int sample = 0; sample < samples.size(); sample++) {
                int rows = Math.min(runLength, samples.get(sample).cells() - first);
                if (rows > 0) {
                    visitor.visit(run(sample, first, rows));
                    more = true;
                }
            }
        }
    }

    private CellRun run(int sample, int first, int rows) {
        float[] block = new float[(rows + 1) * width];
        System.arraycopy(values.get(sample), first * width, block, 0, rows * width);
        String[] ids = new String[rows];
        String[] types = new String[rows];
        double[] weights = new double[rows];
        for (int row = 0; row < rows; row++) {
            ids[row] = cellId(sample, first + row);
            types[row] = cellType(first + row);
            weights[row] = trueWeight(sample, first + row);
        }
        return new CellRun(sample, first, rows, block, ids, types, trueWeights ? weights : null);
    }

    @Override
    public String description() {
        return "listed";
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public List<String> covariates() {
        return samples.get(0).covariates().length == 0 ? List.of() : List.of("age");
    }

    @Override
    public List<String> classes(int outcome) {
        return List.of();
    }

    @Override
    public List<Sample> samples() {
        return samples;
    }

    @Override
    public boolean hasTrueWeights() {
        return trueWeights;
    }

    @Override
    public void close() {}
}
