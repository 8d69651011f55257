package io.gmil.model;

import java.util.Arrays;

/**
 * One pass over the cells of one bag at one θ, with an online softmax: sums as in {@link SoftmaxSums}, cell by cell, so
 * they do not depend on how the bag is cut into blocks, nor on any other bag. Keeps the logit and t of each cell if
 * asked: O(I), never O(I × Q).
 */
final class CellScan implements Cells.BlockVisitor {
    private final int width;
    private final double[] gamma;
    private final double[] beta;
    private double constant;

    /** Σ e x, then Σ e t x (2 × Q). */
    private final double[] weighted;

    private double largest;
    private double total;
    private double totalT;
    private int count;
    private boolean listing;
    private double[] logits = new double[0];
    private double[] ts = new double[0];

    CellScan(int width) {
        this.width = width;
        this.gamma = new double[width];
        this.beta = new double[width];
        this.weighted = new double[2 * width];
    }

    /** Takes γ and β from θ (D). */
    void parameters(ModelSpec spec, FoldedScaler scaler, double[] theta) {
        scaler.fold(theta, spec.gamma(), gamma, 0);
        constant = scaler.fold(theta, spec.beta(), beta, 0);
    }

    void reset(boolean list) {
        listing = list;
        largest = Double.NEGATIVE_INFINITY;
        total = 0;
        totalT = 0;
        count = 0;
        Arrays.fill(weighted, 0);
    }

    @Override
    public void block(float[] values, int rows) {
        if (listing && count + rows > logits.length) {
            int capacity = Math.max(count + rows, 2 * logits.length);
            logits = Arrays.copyOf(logits, capacity);
            ts = Arrays.copyOf(ts, capacity);
        }
        for (int i = 0, at = 0; i < rows; i++, at += width) {
            double logit = Triangular.dot(values, at, gamma, 0, width);
            double t = Triangular.dot(values, at, beta, 0, width) + constant;
            if (listing) {
                logits[count + i] = logit;
                ts[count + i] = t;
            }
            absorb(values, at, logit, t);
        }
        count += rows;
    }

    private void absorb(float[] values, int at, double logit, double t) {
        if (logit > largest) {
            double factor = Math.exp(largest - logit);
            for (int q = 0; q < weighted.length; q++) {
                weighted[q] *= factor;
            }
            total *= factor;
            totalT *= factor;
            largest = logit;
        }
        double e = Math.exp(logit - largest);
        double et = e * t;
        total += e;
        totalT += et;
        for (int q = 0; q < width; q++) {
            double x = values[at + q];
            weighted[q] += e * x;
            weighted[width + q] += et * x;
        }
    }

    int count() {
        return count;
    }

    double u() {
        return totalT / total;
    }

    /** Writes J = (f, g, z). */
    void jacobian(ModelSpec spec, FoldedScaler scaler, double[] fixedEffects, boolean attention, double[] out) {
        System.arraycopy(fixedEffects, 0, out, 0, spec.fixedEffects());
        scaler.statistics(weighted, 0, width, total, u(), attention, out, spec.gamma(), spec.beta());
    }

    /** Weights of the cells that were listed, in place of their logits: valid once per scan. */
    double[] weights() {
        for (int i = 0; i < count; i++) {
            logits[i] = Math.exp(logits[i] - largest) / total;
        }
        return logits;
    }

    /** t = x'·β of the cells that were listed. */
    double[] ts() {
        return ts;
    }
}
