package io.gmil.model;

import java.util.Arrays;

/**
 * Mean and sum of squared deviations of each feature over cells, mergeable.
 *
 * <p>Blocks are reduced in two passes and merged by Chan, Golub and LeVeque (1979): m2 += m2' + δ² n n'/(n + n').
 */
public final class FeatureMoments {
    /** A float32 feature whose spread is below this share of its mean is constant but for rounding. */
    private static final double CONSTANT = 1e-9;

    private long count;
    private final double[] mean;
    private final double[] m2;
    private final double[] blockMean;
    private final double[] blockM2;

    public FeatureMoments(int width) {
        this(0, new double[width], new double[width]);
    }

    /** Moments from their raw state, see {@link #count()}, {@link #mean()}, {@link #m2()}. */
    public FeatureMoments(long count, double[] mean, double[] m2) {
        if (count < 0 || mean.length < 1 || mean.length != m2.length) {
            throw new IllegalArgumentException("moments: expected a count >= 0 and as many means as m2, got count "
                    + count + ", " + mean.length + " means, " + m2.length + " m2");
        }
        this.count = count;
        this.mean = mean.clone();
        this.m2 = m2.clone();
        this.blockMean = new double[mean.length];
        this.blockM2 = new double[mean.length];
    }

    /** Adds cells (rows × Q). */
    public void add(float[] values, int rows) {
        if (rows < 1) {
            return;
        }
        int width = width();
        Arrays.fill(blockMean, 0);
        Arrays.fill(blockM2, 0);
        for (int i = 0, at = 0; i < rows; i++, at += width) {
            for (int q = 0; q < width; q++) {
                blockMean[q] += values[at + q];
            }
        }
        for (int q = 0; q < width; q++) {
            blockMean[q] /= rows;
        }
        for (int i = 0, at = 0; i < rows; i++, at += width) {
            for (int q = 0; q < width; q++) {
                double d = values[at + q] - blockMean[q];
                blockM2[q] += d * d;
            }
        }
        for (int q = 0; q < width; q++) {
            merge(q, rows, blockMean[q], blockM2[q]);
        }
        count += rows;
    }

    /** Adds the moments of other cells. */
    public void add(FeatureMoments other) {
        if (other.width() != width()) {
            throw new IllegalArgumentException("moments: expected width " + width() + ", got " + other.width());
        }
        if (other.count == 0) {
            return;
        }
        for (int q = 0; q < mean.length; q++) {
            merge(q, other.count, other.mean[q], other.m2[q]);
        }
        count += other.count;
    }

    /**
     * Takes out the moments of cells that are in these. Rounding remains; a sum of squares never becomes negative.
     *
     * @throws IllegalArgumentException where these hold fewer cells or another width
     */
    public void remove(FeatureMoments other) {
        if (other.width() != width() || other.count > count) {
            throw new IllegalArgumentException("moments: expected width " + width() + " and at most " + count
                    + " cells, got " + other.width() + " and " + other.count);
        }
        long rest = count - other.count;
        for (int q = 0; q < mean.length; q++) {
            double left = rest == 0 ? 0 : (mean[q] * count - other.mean[q] * other.count) / rest;
            double delta = other.mean[q] - left;
            double squares = m2[q] - other.m2[q] - delta * delta * rest / Math.max(1, count) * other.count;
            mean[q] = left;
            m2[q] = rest == 0 ? 0 : Math.max(0, squares);
        }
        count = rest;
    }

    private void merge(int q, long rows, double otherMean, double otherM2) {
        double delta = otherMean - mean[q];
        double share = (double) rows / (count + rows);
        mean[q] += delta * share;
        m2[q] += otherM2 + delta * delta * share * count;
    }

    public int width() {
        return mean.length;
    }

    public long count() {
        return count;
    }

    public double[] mean() {
        return mean.clone();
    }

    /** Sums of squared deviations from the mean. */
    public double[] m2() {
        return m2.clone();
    }

    /** Standard deviations with divisor n (ddof 0); 1 for a constant feature. */
    public double[] sd() {
        double[] sd = new double[mean.length];
        for (int q = 0; q < sd.length; q++) {
            double value = count == 0 ? 0 : Math.sqrt(m2[q] / count);
            sd[q] = value <= CONSTANT * Math.abs(mean[q]) ? 1 : value;
        }
        return sd;
    }
}
