package io.gmil.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The curvature that sites leave out. A site is Gauss–Newton: of −E[∇² log p(y|η)] it holds E[e₂ J Jᵀ] but not the term
 * with the second derivative of η, C = E[e₁ ∇²η], which softmax attention brings in. It cancels on average at the truth, but
 * not at a fit, so the covariance of the sites is too small. It has one block for each head, see {@link HeadCurvature}.
 *
 * <p>One visit of all bags at the end of a fit; of O(I Q²) for each, so not for wide models.
 */
final class SecondOrder {
    private final Likelihood likelihood;
    private final ModelSpec spec;
    private final int outcome;
    private final List<Draws> draws;
    private final int classes;
    private final int count;
    private final int pairs;
    private final double noise;
    private final double[] mean;

    /** γ' and β' of every pair (2P × Q). */
    private final double[] parameters;

    /** By class, then head. */
    private final List<HeadCurvature> heads = new ArrayList<>();

    private final double[] u;
    private final double[] eta;
    private final double[] score;
    private final double[] curvature;
    private final double[] scores;
    private NativeTile tile;
    private double[] projected = new double[0];

    /** w, then w (t − u), of every cell (2P × cells). */
    private double[] weights = new double[0];

    private int cells;

    private SecondOrder(int outcome, List<Draws> draws, double noise, FeatureScaler scaler) {
        this.spec = draws.get(0).spec();
        this.likelihood = spec.likelihood();
        this.outcome = outcome;
        this.draws = draws;
        this.classes = draws.size();
        this.count = draws.get(0).count();
        this.pairs = classes * count * spec.heads();
        this.noise = noise;
        this.mean = scaler.mean();
        this.parameters = new double[2 * pairs * spec.width()];
        this.u = new double[pairs];
        this.eta = new double[classes];
        this.score = new double[classes];
        this.curvature = new double[classes];
        this.scores = new double[classes * count];
        fold(new FoldedScaler(spec.width(), scaler));
        for (int c = 0; c < classes; c++) {
            for (int h = 0; h < spec.heads(); h++) {
                heads.add(new HeadCurvature(spec.width(), count));
            }
        }
    }

    /**
     * C of each class, symmetric (D × D).
     *
     * @param outcome whose labels are used; bags without one are left out
     * @param draws of θ, for each class
     * @param noise σ² of a Normal outcome, 1 for others
     */
    static double[][] curvature(
            List<LabelledBag> bags, int outcome, List<Draws> draws, double noise, FeatureScaler scaler) {
        SecondOrder sum = new SecondOrder(outcome, draws, noise, scaler);
        for (LabelledBag bag : bags) {
            if (bag.labels()[outcome] != null) {
                sum.add(bag);
            }
        }
        return sum.scaled(scaler.inverseScale());
    }

    private void fold(FoldedScaler folded) {
        int width = spec.width();
        int pair = 0;
        for (Draws each : draws) {
            for (int s = 0; s < count; s++) {
                for (int h = 0; h < spec.heads(); h++, pair++) {
                    int at = s * spec.dimension();
                    folded.fold(each.theta(), at + spec.gamma(h), parameters, pair * width);
                    folded.fold(each.theta(), at + spec.beta(h), parameters, (pair + pairs) * width);
                }
            }
        }
    }

    private void add(LabelledBag bag) {
        cells = bag.cells().count();
        load(bag.cells());
        tile.project(parameters, 2 * pairs, projected);
        for (int pair = 0; pair < pairs; pair++) {
            weigh(pair);
        }
        score(bag);
        double[] statistics = new double[2 * pairs * spec.width()];
        tile.accumulate(weights, 2 * pairs, 0, cells, statistics);
        for (int c = 0; c < classes; c++) {
            for (int h = 0; h < spec.heads(); h++) {
                heads.get(c * spec.heads() + h).add(this, c * count, c * count * spec.heads() + h, statistics, cells);
            }
        }
    }

    /** The cells less the mean of all. */
    private void load(Cells cells) {
        int width = spec.width();
        if (tile == null || tile.capacity() < cells.count()) {
            tile = new NativeTile(width, 2 * pairs, cells.count());
            projected = new double[cells.count() * 2 * pairs];
            weights = new double[projected.length];
        }
        tile.clear();
        cells.forEachBlock((values, rows) -> tile.append(values, 0, rows));
        double[] x = tile.values();
        for (int i = 0; i < cells.count(); i++) {
            for (int q = 0; q < width; q++) {
                x[i * width + q] -= mean[q];
            }
        }
    }

    /** Turns the projections of a pair into w and w (t − u). */
    private void weigh(int pair) {
        int columns = 2 * pairs;
        int w = pair * cells;
        int wt = (pair + pairs) * cells;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < cells; i++) {
            largest = Math.max(largest, projected[i * columns + pair]);
        }
        double total = 0;
        double effect = 0;
        for (int i = 0; i < cells; i++) {
            double e = Math.exp(projected[i * columns + pair] - largest);
            double t = projected[i * columns + pair + pairs];
            weights[w + i] = e;
            weights[wt + i] = t;
            total += e;
            effect += e * t;
        }
        u[pair] = effect / total;
        for (int i = 0; i < cells; i++) {
            weights[w + i] /= total;
            weights[wt + i] = weights[w + i] * (weights[wt + i] - u[pair]);
        }
    }

    /** e₁ of every class at every draw. */
    private void score(LabelledBag bag) {
        for (int s = 0; s < count; s++) {
            for (int c = 0; c < classes; c++) {
                double[] theta = draws.get(c).theta();
                eta[c] = Triangular.dot(theta, s * spec.dimension(), bag.fixedEffects(), 0, spec.linear());
                for (int h = 0; h < spec.heads(); h++) {
                    eta[c] += u[(c * count + s) * spec.heads() + h];
                }
            }
            likelihood.derivatives(bag.labels()[outcome], eta, score, curvature);
            for (int c = 0; c < classes; c++) {
                scores[c * count + s] = score[c] / noise;
            }
        }
    }

    /** X, less the mean. */
    double[] cells() {
        return tile.values();
    }

    /** w of a cell at a pair. */
    double weight(int cell, int pair) {
        return weights[pair * cells + cell];
    }

    /** w (t − u) of a cell at a pair. */
    double weightedT(int cell, int pair) {
        return weights[(pair + pairs) * cells + cell];
    }

    /** e₁ of class · S + draw. */
    double score(int index) {
        return scores[index];
    }

    /** Pairs of all classes, heads and draws. */
    int pairs() {
        return pairs;
    }

    /** H, the distance between pairs of one head. */
    int stride() {
        return spec.heads();
    }

    private double[][] scaled(double[] inverse) {
        int d = spec.dimension();
        double[][] all = new double[classes][d * d];
        for (int c = 0; c < classes; c++) {
            for (int h = 0; h < spec.heads(); h++) {
                heads.get(c * spec.heads() + h).write(all[c], d, spec.gamma(h), spec.beta(h), inverse);
            }
        }
        return all;
    }
}
