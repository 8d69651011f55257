package io.gmil.model;

import java.util.Arrays;
import java.util.List;

/** The sites of one outcome, one for each of its classes, from the sums of a sweep. */
final class OutcomeSites {
    private static final double MAX_VARIANCE = 30;
    private static final double MIN_CURVATURE = 1e-3;

    private final ModelSpec spec;
    private final Likelihood likelihood;
    private final int outcome;
    private final int classes;
    private final double[] jacobian;
    private final double[] eta;
    private final double[] sd;
    private final double[] score;
    private final double[] curvature;

    /** JᵀSJ of each class; null until it is needed. */
    private final QuadraticForm[] variances;

    private PosteriorSnapshot[] q;
    private List<Draws> draws;
    private int firstPair;

    OutcomeSites(ModelSpec spec, int outcome) {
        this.spec = spec;
        this.likelihood = spec.likelihood();
        this.outcome = outcome;
        this.classes = likelihood.components();
        this.jacobian = new double[classes * spec.dimension()];
        this.eta = new double[classes];
        this.sd = new double[classes];
        this.score = new double[classes];
        this.curvature = new double[classes];
        this.variances = new QuadraticForm[classes];
    }

    /**
     * Begins a minibatch.
     *
     * @param newDraws one for each class
     * @param newFirstPair of this outcome in the sweep
     */
    void begin(PosteriorSnapshot[] posteriors, List<Draws> newDraws, int newFirstPair) {
        for (int c = 0; c < classes; c++) {
            if (q == null || q[c].factor() != posteriors[c].factor()) {
                variances[c] = null;
            }
        }
        q = posteriors;
        draws = newDraws;
        firstPair = newFirstPair;
    }

    Site[] linearised(LabelledBag bag, SoftmaxSums sums) {
        int d = spec.dimension();
        boolean attention = q[0].phase() != Phase.MEAN_POOLING;
        for (int c = 0, pair = firstPair; c < classes; c++, pair += spec.heads()) {
            sums.jacobian(spec, pair, bag.fixedEffects(), attention, jacobian, c * d);
            eta[c] = draws.get(c).eta(0, bag, sums, pair);
            sd[c] = Math.sqrt(Math.min(variance(c), MAX_VARIANCE));
        }
        likelihood.expectedDerivatives(bag.labels()[outcome], eta, sd, score, curvature);
        Site[] sites = new Site[classes];
        for (int c = 0; c < classes; c++) {
            double[] row = new double[d];
            System.arraycopy(jacobian, c * d, row, 0, d);
            double[] shift = new double[d];
            weigh(row, 0, q[c].sharedMean(), score[c], Math.max(curvature[c], MIN_CURVATURE), 1, shift);
            sites[c] = new Site(1, row, shift, residual(score[c] * score[c] + sd[c] * sd[c]));
        }
        return sites;
    }

    private double variance(int c) {
        if (variances[c] == null) { // not for sampled sites, which need none
            variances[c] = q[c].quadraticForm();
        }
        if (classes == 1) {
            return variances[0].of(jacobian);
        }
        double[] own = new double[spec.dimension()];
        System.arraycopy(jacobian, c * own.length, own, 0, own.length);
        return variances[c].of(own);
    }

    /** @param before sites whose arrays may be overwritten; null for none */
    Site[] sampled(LabelledBag bag, SoftmaxSums sums, Site[] before) {
        int d = spec.dimension();
        int count = draws.get(0).count();
        double[][] rows = new double[classes][];
        double[][] shift = new double[classes][];
        for (int c = 0; c < classes; c++) {
            boolean again = before != null && before[c].rows().length == count * d;
            rows[c] = again ? before[c].rows() : new double[count * d];
            shift[c] = again ? before[c].shift() : new double[d];
            Arrays.fill(shift[c], 0);
        }
        double[] squares = new double[classes];
        for (int s = 0; s < count; s++) {
            for (int c = 0, from = firstPair; c < classes; c++, from += count * spec.heads()) {
                int pair = draws.get(c).pair(from, s);
                sums.jacobian(spec, pair, bag.fixedEffects(), true, rows[c], s * d);
                eta[c] = draws.get(c).eta(s, bag, sums, from);
            }
            likelihood.derivatives(bag.labels()[outcome], eta, score, curvature);
            for (int c = 0; c < classes; c++) {
                weigh(rows[c], s * d, q[c].sharedMean(), score[c], curvature[c], count, shift[c]);
                squares[c] += score[c] * score[c] / count;
            }
        }
        Site[] sites = new Site[classes];
        for (int c = 0; c < classes; c++) {
            sites[c] = new Site(count, rows[c], shift[c], residual(squares[c]));
        }
        return sites;
    }

    /** Kept of a Normal outcome only. */
    private double residual(double expectedSquare) {
        return likelihood instanceof Normal ? expectedSquare : 0;
    }

    /** Adds (e₂ J·m + e₁) J / S to the shift and turns the row J into √(e₂/S) J. */
    private static void weigh(
            double[] rows, int at, double[] mean, double score, double curvature, int draws, double[] shift) {
        int d = mean.length;
        double slope = (curvature * Triangular.dot(rows, at, mean, 0, d) + score) / draws;
        double root = Math.sqrt(curvature / draws);
        for (int i = 0; i < d; i++) {
            shift[i] += slope * rows[at + i];
            rows[at + i] *= root;
        }
    }
}
