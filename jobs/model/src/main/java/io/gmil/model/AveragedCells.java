package io.gmil.model;

import java.util.Arrays;

/** Cells as they are, which remember the mean of the rows they were last visited by: what is read anyway is averaged too. */
public final class AveragedCells implements Cells {
    private final Cells cells;
    private final double[] sum;
    private long rows;

    public AveragedCells(Cells cells) {
        this.cells = cells;
        this.sum = new double[cells.width()];
    }

    @Override
    public int count() {
        return cells.count();
    }

    @Override
    public int width() {
        return cells.width();
    }

    @Override
    public void forEachBlock(BlockVisitor visitor) {
        Arrays.fill(sum, 0);
        rows = 0;
        cells.forEachBlock((values, count) -> {
            visitor.block(values, count);
            add(values, count);
        });
    }

    private void add(float[] values, int count) {
        int width = sum.length;
        for (int i = 0, at = 0; i < count; i++, at += width) {
            for (int q = 0; q < width; q++) {
                sum[q] += values[at + q];
            }
        }
        rows += count;
    }

    /** The mean x̄' of the cells of the last visit, scaled (Q). */
    public double[] mean(FeatureScaler scaler) {
        if (rows == 0) {
            throw new IllegalStateException("mean of cells: expected a visit before");
        }
        double[] mean = scaler.inverseScale();
        for (int q = 0; q < mean.length; q++) {
            mean[q] *= sum[q] / rows - scaler.mean()[q];
        }
        return mean;
    }
}
