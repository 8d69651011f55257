package io.gmil.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The curvature that sites leave out. A site is Gauss–Newton: of −E[∇² log p(y|η)] it holds E[e₂ J Jᵀ] but not the term
 * with the second derivative of η, C = E[e₁ ∇²η], which softmax attention brings in. It cancels on average at the truth, but
 * not at a fit, so the covariance of the sites is too small. It has one block for each head, see {@link HeadCurvature}.
 *
 * <p>One visit of all bags at the end of a fit, for all outcomes; of O(I Q²) for each bag, so not for wide models.
 */
final class SecondOrder {
    /** Weights of one bag, of all cells and pairs: 32 MB. Outcomes that need more are visited one after the other. */
    private static final int MOST_WEIGHTS = 1 << 22;

    /**
     * An outcome to be visited.
     *
     * @param label its place among the labels of a bag; bags without one are left out
     * @param draws of θ, for each class
     * @param noise σ² of a Normal outcome, 1 for others
     */
    record Outcome(int label, List<Draws> draws, double noise) {
        private int pairs() {
            return draws.stream().mapToInt(Draws::pairs).sum();
        }

        private ModelSpec spec() {
            return draws.get(0).spec();
        }
    }

    private final List<Outcome> outcomes;
    private final int width;
    private final int pairs;
    private final double[] mean;

    /** γ' and β' of every pair (2P × Q). */
    private final double[] parameters;

    private final List<OutcomeCurvature> curvatures = new ArrayList<>();
    private final CellMoments moments;
    private final double[] u;
    private final double[] statistics;
    private NativeTile tile;
    private double[] projected = new double[0];

    /** w, then w (t − u), of every cell (2P × cells). */
    private double[] weights = new double[0];

    private double[] scratch = new double[0];
    private double[] summed = new double[0];
    private int cells;

    private SecondOrder(List<Outcome> outcomes, FeatureScaler scaler) {
        this.outcomes = outcomes;
        this.width = outcomes.get(0).spec().width();
        this.pairs = outcomes.stream().mapToInt(Outcome::pairs).sum();
        this.mean = scaler.mean();
        this.parameters = new double[2 * pairs * width];
        this.u = new double[pairs];
        this.statistics = new double[2 * pairs * width];
        int pair = 0;
        int columns = 0;
        for (Outcome outcome : outcomes) {
            OutcomeCurvature curvature = new OutcomeCurvature(outcome, pair, columns);
            curvatures.add(curvature);
            pair += outcome.pairs();
            columns += curvature.columns();
        }
        this.moments = new CellMoments(width, columns);
        fold(new FoldedScaler(width, scaler));
    }

    /** C of each outcome and class, symmetric (D × D). */
    static double[][][] curvature(List<LabelledBag> bags, List<Outcome> outcomes, FeatureScaler scaler) {
        double[][][] all = new double[outcomes.size()][][];
        int most = bags.stream().mapToInt(bag -> bag.cells().count()).max().orElse(1);
        for (int from = 0, to; from < all.length; from = to) {
            to = from + 1;
            long columns = 2L * outcomes.get(from).pairs();
            while (to < all.length && most * (columns + 2L * outcomes.get(to).pairs()) <= MOST_WEIGHTS) {
                columns += 2L * outcomes.get(to++).pairs();
            }
            SecondOrder sum = new SecondOrder(outcomes.subList(from, to), scaler);
            bags.forEach(sum::add);
            sum.write(scaler.inverseScale(), all, from);
        }
        return all;
    }

    private void fold(FoldedScaler folded) {
        int pair = 0;
        for (Outcome outcome : outcomes) {
            ModelSpec spec = outcome.spec();
            for (Draws each : outcome.draws()) {
                for (int s = 0; s < each.count(); s++) {
                    for (int h = 0; h < spec.heads(); h++, pair++) {
                        int at = s * spec.dimension();
                        folded.fold(each.theta(), at + spec.gamma(h), parameters, pair * width);
                        folded.fold(each.theta(), at + spec.beta(h), parameters, (pair + pairs) * width);
                    }
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
        Arrays.fill(statistics, 0);
        tile.accumulate(weights, 2 * pairs, 0, cells, statistics);
        for (OutcomeCurvature each : curvatures) {
            each.add(bag, u, weights, statistics, pairs, summed);
        }
        moments.add(tile.values(), summed, cells);
    }

    /** The cells less the mean of all. */
    private void load(Cells bag) {
        if (tile == null || tile.capacity() < cells) {
            tile = new NativeTile(width, 2 * pairs, cells);
            projected = new double[cells * 2 * pairs];
            weights = new double[projected.length];
            scratch = new double[cells * pairs];
            summed = new double[cells * moments.columns()];
        }
        tile.clear();
        bag.forEachBlock((values, rows) -> tile.append(values, 0, rows));
        double[] x = tile.values();
        for (int i = 0; i < cells; i++) {
            for (int q = 0; q < width; q++) {
                x[i * width + q] -= mean[q];
            }
        }
    }

    /** Turns the projections of a pair into w and w (t − u). */
    private void weigh(int pair) {
        int w = pair * cells;
        int wt = (pair + pairs) * cells;
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = w; i < w + cells; i++) {
            largest = Math.max(largest, projected[i]);
        }
        for (int i = w; i < w + cells; i++) {
            weights[i] = projected[i] - largest;
        }
        Exponential.of(weights, w, w + cells, scratch);
        double total = 0;
        double effect = 0;
        for (int i = 0; i < cells; i++) {
            total += weights[w + i];
            effect += weights[w + i] * projected[wt + i];
        }
        u[pair] = effect / total;
        double share = 1 / total;
        for (int i = 0; i < cells; i++) {
            double weight = weights[w + i] * share;
            weights[w + i] = weight;
            weights[wt + i] = weight * (projected[wt + i] - u[pair]);
        }
    }

    private void write(double[] inverse, double[][][] all, int first) {
        double[] sums = moments.sums();
        for (int o = 0; o < curvatures.size(); o++) {
            all[first + o] = curvatures.get(o).write(sums, inverse);
        }
    }
}
