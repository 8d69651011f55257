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
    /**
     * Weights of one bag, of all cells and pairs: 32 MB. Outcomes that need more are visited one after the other, and of one
     * that needs more by itself only some pairs are weighed at a time, each twice: scores take the effects of all.
     */
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

    /** Pairs that are weighed at a time. */
    private final int part;

    private final double[] mean;

    /** γ' and β' of the pairs of each part (2P × Q). */
    private final List<double[]> parameters = new ArrayList<>();

    private final List<OutcomeCurvature> curvatures = new ArrayList<>();
    private final CellMoments moments;
    private final double[] u;

    /** z of every pair, then g of every pair (2P × Q), and the same of a part. */
    private final double[] statistics;

    private final double[] ofPart;
    private NativeTile tile;
    private double[] projected = new double[0];

    /** w, then w (t − u), of every cell (2P × cells). */
    private double[] weights = new double[0];

    private double[] scratch = new double[0];
    private double[] summed = new double[0];
    private int cells;

    private SecondOrder(List<Outcome> outcomes, FeatureScaler scaler, long mostPairs) {
        this.outcomes = outcomes;
        this.width = outcomes.get(0).spec().width();
        this.pairs = outcomes.stream().mapToInt(Outcome::pairs).sum();
        this.part = (int) Math.max(1, Math.min(mostPairs, pairs));
        this.mean = scaler.mean();
        this.u = new double[pairs];
        this.statistics = new double[2 * pairs * width];
        this.ofPart = new double[2 * part * width];
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
        return curvature(bags, outcomes, scaler, MOST_WEIGHTS);
    }

    /** The same with so many weights at a time, or those of one pair. */
    static double[][][] curvature(
            List<LabelledBag> bags, List<Outcome> outcomes, FeatureScaler scaler, int mostWeights) {
        double[][][] all = new double[outcomes.size()][][];
        long most = bags.stream().mapToInt(bag -> bag.cells().count()).max().orElse(1);
        for (int from = 0, to; from < all.length; from = to) {
            to = from + 1;
            long columns = 2L * outcomes.get(from).pairs();
            while (to < all.length && most * (columns + 2L * outcomes.get(to).pairs()) <= mostWeights) {
                columns += 2L * outcomes.get(to++).pairs();
            }
            SecondOrder sum = new SecondOrder(outcomes.subList(from, to), scaler, mostWeights / (2 * most));
            bags.forEach(sum::add);
            sum.write(scaler.inverseScale(), all, from);
        }
        return all;
    }

    private void fold(FoldedScaler folded) {
        for (int first = 0; first < pairs; first += part) {
            parameters.add(new double[2 * size(first) * width]);
        }
        int pair = 0;
        for (Outcome outcome : outcomes) {
            ModelSpec spec = outcome.spec();
            for (Draws each : outcome.draws()) {
                for (int s = 0; s < each.count(); s++) {
                    for (int h = 0; h < spec.heads(); h++, pair++) {
                        int at = s * spec.dimension();
                        int to = pair % part;
                        double[] out = parameters.get(pair / part);
                        folded.fold(each.theta(), at + spec.gamma(h), out, to * width);
                        folded.fold(each.theta(), at + spec.beta(h), out, to * width + out.length / 2);
                    }
                }
            }
        }
    }

    /** Pairs of the part that begins there. */
    private int size(int first) {
        return Math.min(part, pairs - first);
    }

    private void add(LabelledBag bag) {
        cells = bag.cells().count();
        load(bag.cells());
        for (int first = 0; first < pairs; first += part) {
            weigh(first);
        }
        for (OutcomeCurvature each : curvatures) {
            each.score(bag, u);
        }
        Arrays.fill(summed, 0, moments.columns() * cells, 0);
        for (int first = 0; first < pairs; first += part) {
            if (part < pairs) {
                weigh(first);
            }
            PairWeights weighed = new PairWeights(weights, first, size(first), cells);
            for (OutcomeCurvature each : curvatures) {
                each.weigh(weighed, summed);
            }
            accumulate(first);
        }
        for (OutcomeCurvature each : curvatures) {
            each.add(statistics, pairs);
        }
        moments.add(tile.values(), summed, cells);
    }

    private void accumulate(int first) {
        int size = size(first);
        tile.accumulate(weights, 2 * size, 0, cells, false, ofPart);
        System.arraycopy(ofPart, 0, statistics, first * width, size * width);
        System.arraycopy(ofPart, size * width, statistics, (pairs + first) * width, size * width);
    }

    /** The cells less the mean of all. */
    private void load(Cells bag) {
        if (tile == null || tile.capacity() < cells) {
            tile = new NativeTile(mean, 2 * part, cells);
            projected = new double[Math.multiplyExact(2 * part, cells)];
            weights = new double[projected.length];
            scratch = new double[cells * part];
            summed = new double[cells * moments.columns()];
        }
        tile.clear();
        bag.forEachBlock((values, rows) -> tile.append(values, 0, rows));
    }

    /** The weights of the pairs of a part. */
    private void weigh(int first) {
        int size = size(first);
        tile.project(parameters.get(first / part), 2 * size, projected);
        for (int k = 0; k < size; k++) {
            u[first + k] = weigh(k * cells, (k + size) * cells);
        }
    }

    /** Turns the projections of a pair into w and w (t − u); returns u. */
    private double weigh(int w, int wt) {
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
        effect /= total;
        double share = 1 / total;
        for (int i = 0; i < cells; i++) {
            double weight = weights[w + i] * share;
            weights[w + i] = weight;
            weights[wt + i] = weight * (projected[wt + i] - effect);
        }
        return effect;
    }

    private void write(double[] inverse, double[][][] all, int first) {
        double[] sums = moments.sums();
        for (int o = 0; o < curvatures.size(); o++) {
            all[first + o] = curvatures.get(o).write(sums, inverse);
        }
    }
}
