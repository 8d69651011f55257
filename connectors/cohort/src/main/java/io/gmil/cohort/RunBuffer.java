package io.gmil.cohort;

import io.gmil.cohort.Cohort.CellVisitor;
import java.io.IOException;

/** Collects consecutive cells of one sample and hands them on as a {@link CellRun} when the sample changes or it is full. */
final class RunBuffer {

    private static final int MOST_VALUES = 1 << 19;
    private static final int MOST_ROWS = 1 << 14;

    private final int capacity;
    private final float[] values;
    private final String[] cellIds;
    private final String[] cellTypes;
    private final double[] trueWeights;
    private final int[] handedOn;
    private int sample = -1;
    private int rows;

    /** {@code width} is Q; the flags say which of the per-cell arrays exist. */
    RunBuffer(int width, boolean ids, boolean types, boolean weights, int samples) {
        capacity = rows(width);
        values = new float[capacity * width];
        cellIds = ids ? new String[capacity] : null;
        cellTypes = types ? new String[capacity] : null;
        trueWeights = weights ? new double[capacity] : null;
        handedOn = new int[samples];
    }

    /** Cells in a run of at most 2 MB of values. */
    static int rows(int width) {
        return Math.max(1, Math.min(MOST_ROWS, MOST_VALUES / width));
    }

    /** Makes room for the next cell and returns its row in the arrays; visits the run before it where that is complete. */
    int add(int ofSample, CellVisitor visitor) throws IOException {
        if (ofSample != sample || rows == capacity) {
            flush(visitor);
            sample = ofSample;
        }
        return rows++;
    }

    /** Makes room for several cells of one sample, at most {@link #rows(int)}, in an empty buffer. */
    void fill(int ofSample, int count) {
        sample = ofSample;
        rows = count;
    }

    /** Visits what is there. */
    void flush(CellVisitor visitor) throws IOException {
        if (rows > 0) {
            visitor.visit(new CellRun(sample, handedOn[sample], rows, values, cellIds, cellTypes, trueWeights));
            handedOn[sample] += rows;
            rows = 0;
        }
    }

    float[] values() {
        return values;
    }

    String[] cellIds() {
        return cellIds;
    }

    String[] cellTypes() {
        return cellTypes;
    }

    double[] trueWeights() {
        return trueWeights;
    }
}
