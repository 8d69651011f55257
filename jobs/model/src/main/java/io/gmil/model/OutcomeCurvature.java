package io.gmil.model;

import java.util.ArrayList;
import java.util.List;

/** What {@link SecondOrder} sums up for one outcome: the scores of its draws and the curvature of every class and head. */
final class OutcomeCurvature {
    private final SecondOrder.Outcome outcome;
    private final ModelSpec spec;
    private final int firstPair;
    private final int firstColumn;
    private final int classes;
    private final int count;

    /** By class, then head. */
    private final List<HeadCurvature> heads = new ArrayList<>();

    private final double[] eta;
    private final double[] score;
    private final double[] curvature;

    /** e₁ by class and draw. */
    private final double[] scores;

    /** Whether the bag at hand has the label. */
    private boolean labelled;

    /**
     * @param firstPair of this outcome in the sweep
     * @param firstColumn of this outcome among the weights of cells
     */
    OutcomeCurvature(SecondOrder.Outcome outcome, int firstPair, int firstColumn) {
        this.outcome = outcome;
        this.spec = outcome.draws().get(0).spec();
        this.firstPair = firstPair;
        this.firstColumn = firstColumn;
        this.classes = outcome.draws().size();
        this.count = outcome.draws().get(0).count();
        this.eta = new double[classes];
        this.score = new double[classes];
        this.curvature = new double[classes];
        this.scores = new double[classes * count];
        for (int c = 0; c < classes; c++) {
            for (int h = 0; h < spec.heads(); h++) {
                heads.add(new HeadCurvature(spec.width(), count, pair(c, 0, h), spec.heads()));
            }
        }
    }

    private int pair(int c, int draw, int head) {
        return firstPair + (c * count + draw) * spec.heads() + head;
    }

    /** Weights of a cell: two for every class and head. */
    int columns() {
        return 2 * heads.size();
    }

    /**
     * Begins with a bag: e₁ of every class at every draw.
     *
     * @param u of every pair
     */
    void score(LabelledBag bag, double[] u) {
        Label label = bag.labels()[outcome.label()];
        labelled = label != null;
        for (int s = 0; labelled && s < count; s++) {
            for (int c = 0; c < classes; c++) {
                double[] theta = outcome.draws().get(c).theta();
                eta[c] = Triangular.dot(theta, s * spec.dimension(), bag.fixedEffects(), 0, spec.linear());
                for (int h = 0; h < spec.heads(); h++) {
                    eta[c] += u[pair(c, s, h)];
                }
            }
            spec.likelihood().derivatives(label, eta, score, curvature);
            for (int c = 0; c < classes; c++) {
                scores[c * count + s] = score[c] / outcome.noise();
            }
        }
    }

    /**
     * Adds the weights of its cells; nothing without a label.
     *
     * @param weights of some pairs
     * @param out weights of all outcomes × cells
     */
    void weigh(PairWeights weights, double[] out) {
        for (int k = 0; labelled && k < heads.size(); k++) {
            int at = (firstColumn + 2 * k) * weights.cells();
            heads.get(k).weigh(scores, k / spec.heads() * count, weights, out, at);
        }
    }

    /**
     * Takes in the moments of the bag.
     *
     * @param statistics z of every pair, then g of every pair (2P × Q)
     */
    void add(double[] statistics, int pairs) {
        for (int k = 0; labelled && k < heads.size(); k++) {
            heads.get(k).add(scores, k / spec.heads() * count, statistics, pairs);
        }
    }

    /**
     * C of each class (D × D).
     *
     * @param moments of the weights of all outcomes, see {@link CellMoments#sums}
     */
    double[][] write(double[] moments, double[] inverse) {
        int d = spec.dimension();
        int size = spec.width() * (spec.width() + 1) / 2;
        double[][] all = new double[classes][d * d];
        for (int k = 0; k < heads.size(); k++) {
            int h = k % spec.heads();
            heads.get(k)
                    .write(
                            all[k / spec.heads()],
                            d,
                            spec.gamma(h),
                            spec.beta(h),
                            moments,
                            (firstColumn + 2 * k) * size,
                            inverse);
        }
        return all;
    }
}
