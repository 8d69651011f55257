package io.gmil.model;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.loss.LossReduce;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * {@link GatedAttention} as a graph of ND4J's SameDiff, built once: η of B bags of M cells in all, their loss, which is the
 * mean of −log p(y | η), and its gradient:
 *
 * <pre>
 * [G | S] = XV + v | XU + u,   e = w (tanh G ⊙ σ(S))ᵀ,   A = softmax(1eᵀ + mask),   η = A (Xβᵀ) + Fαᵀ
 * </pre>
 *
 * <p>Cells of all bags are stacked (X, M × Q). The mask (B × M) is −10³⁰⁰ at cells of other bags, whose share is 0 then, and
 * Σ|w_h| at those of the bag: |e| is less than that, and ND4J 1.0.0-M2.1 takes the softmax of a row of numbers below −745
 * for 0 / 0. Its operations on segments would do without mask, but their gradients there are a loop over cells (gather) or
 * leave numbers unset (segment_max). Thread-confined.
 */
final class GatedAttentionGraph implements AutoCloseable {
    private static final double OUTSIDE = -1e300;
    private static final double HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

    private final Likelihood likelihood;
    private final FeatureScaler scaler;
    private final LossGraph graph;

    /**
     * Builds it.
     *
     * @param hidden L
     * @param fixedEffects K
     */
    GatedAttentionGraph(Likelihood likelihood, FeatureScaler scaler, int hidden, int fixedEffects) {
        this.likelihood = likelihood;
        this.scaler = scaler;
        SameDiff sd = SameDiff.create();
        loss(sd, eta(sd, scaler.width(), hidden, fixedEffects, likelihood.components()));
        this.graph = new LossGraph(sd, "loss", List.of("gates", "gateOffsets", "attention", "beta", "alpha"));
    }

    private static SDVariable eta(SameDiff sd, int width, int hidden, int fixedEffects, int components) {
        SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, width);
        SDVariable mask = sd.placeHolder("mask", DataType.DOUBLE, -1, -1);
        SDVariable f = sd.placeHolder("f", DataType.DOUBLE, -1, fixedEffects);
        SDVariable gates = variable(sd, "gates", width, 2L * hidden);
        SDVariable offsets = variable(sd, "gateOffsets", 2L * hidden);
        SDVariable attention = variable(sd, "attention", 1, hidden);
        SDVariable beta = variable(sd, "beta", components, width);
        SDVariable alpha = variable(sd, "alpha", components, fixedEffects);

        SDVariable[] halves = sd.split(sd.nn().linear(x, gates, offsets), 2, 1);
        SDVariable gated = sd.math().tanh(halves[0]).mul(sd.nn().sigmoid(halves[1]));
        SDVariable e = timesTransposed(sd, attention, gated);
        SDVariable shares = sd.nn().softmax(e.add(mask), 1);
        return shares.mmul(timesTransposed(sd, x, beta)).add("eta", timesTransposed(sd, f, alpha));
    }

    private static SDVariable variable(SameDiff sd, String name, long... shape) {
        return sd.var(name, Nd4j.zeros(DataType.DOUBLE, shape));
    }

    /** abᵀ. */
    private static SDVariable timesTransposed(SameDiff sd, SDVariable a, SDVariable b) {
        return sd.linalg().mmul(a, b, false, true, false);
    }

    /** Of labels y and weights as {@link #label} has them. */
    private void loss(SameDiff sd, SDVariable eta) {
        SDVariable y = sd.placeHolder("y", DataType.DOUBLE, -1, likelihood.components());
        SDVariable weights = sd.placeHolder("weights", DataType.DOUBLE, -1, 1);
        LossReduce mean = LossReduce.MEAN_BY_NONZERO_WEIGHT_COUNT;
        if (likelihood instanceof Binomial) {
            sd.loss().sigmoidCrossEntropy("loss", y, eta, weights, mean, 0);
        } else if (likelihood instanceof Categorical) {
            sd.loss().softmaxCrossEntropy("loss", y, eta, null, mean, 0);
        } else {
            sd.loss().meanSquaredError(y, eta, weights, mean).add("loss", HALF_LOG_TWO_PI);
        }
    }

    /** Writes the share of successes and n, 1 at the class, or the number and ½. */
    private void label(Label label, int bag, double[] y, double[] weights) {
        if (likelihood instanceof Binomial) {
            y[bag] = label.y() / label.trials();
            weights[bag] = label.trials();
        } else if (likelihood instanceof Categorical) {
            y[bag * likelihood.components() + (int) label.y()] = 1;
        } else {
            y[bag] = label.y();
            weights[bag] = 0.5;
        }
    }

    /** η (B × C). */
    double[] eta(GatedAttentionWeights at, List<LabelledBag> bags) {
        graph.assign(at.arrays());
        return Arrays.copyOf(graph.output("eta", inputs(at, bags)), bags.size() * at.components());
    }

    /** Negative log-likelihood per bag, without binomial coefficients. */
    double loss(GatedAttentionWeights at, List<LabelledBag> bags) {
        graph.assign(at.arrays());
        return graph.loss(inputs(at, bags));
    }

    /** Of {@link #loss}. */
    GatedAttentionWeights gradient(GatedAttentionWeights at, List<LabelledBag> bags) {
        graph.assign(at.arrays());
        return GatedAttentionWeights.of(graph.gradient(inputs(at, bags)));
    }

    /**
     * By placeholder. A bag that is alone has two rows, in all but its cells, and a cell that is alone is there twice, which
     * changes no mean: ND4J 1.0.0-M2.1 derives matmul wrongly, or not at all, where the product is a single number.
     */
    private Map<String, INDArray> inputs(GatedAttentionWeights at, List<LabelledBag> bags) {
        List<LabelledBag> several = bags.size() > 1 ? bags : List.of(bags.get(0), bags.get(0));
        List<LabelledBag> stacked = rows(bags) > 1 ? bags : several;
        int count = several.size();
        int k = at.fixedEffects();
        double[] f = new double[count * k];
        double[] y = new double[count * likelihood.components()];
        double[] weights = new double[count];
        for (int b = 0; b < count; b++) {
            System.arraycopy(several.get(b).fixedEffects(), 0, f, b * k, k);
            label(several.get(b).labels()[0], b, y, weights);
        }
        return Map.of(
                "x", matrix(cells(stacked), scaler.width()),
                "mask", matrix(mask(at, stacked, count), rows(stacked)),
                "f", matrix(f, k),
                "y", matrix(y, likelihood.components()),
                "weights", matrix(weights, 1));
    }

    private static int rows(List<LabelledBag> bags) {
        return bags.stream().mapToInt(bag -> bag.cells().count()).sum();
    }

    private static INDArray matrix(double[] values, int columns) {
        return Nd4j.create(values, new long[] {values.length / columns, columns}, 'c');
    }

    /** Standardised (M × Q). */
    private double[] cells(List<LabelledBag> bags) {
        int width = scaler.width();
        double[] x = new double[Math.multiplyExact(rows(bags), width)];
        int[] at = {0};
        for (LabelledBag bag : bags) {
            bag.cells().forEachBlock((values, count) -> {
                for (int i = 0; i < count * width; i++) {
                    int q = i % width;
                    x[at[0]++] = (values[i] - scaler.mean()[q]) / scaler.sd()[q];
                }
            });
        }
        return x;
    }

    /** (B × M), of one bag as many rows as there should be. */
    private static double[] mask(GatedAttentionWeights at, List<LabelledBag> bags, int count) {
        int rows = rows(bags);
        double bound = Arrays.stream(at.attention()).map(Math::abs).sum();
        double[] mask = new double[Math.multiplyExact(count, rows)];
        Arrays.fill(mask, bags.size() > 1 ? OUTSIDE : bound);
        int row = 0;
        for (int b = 0; b < bags.size(); b++) {
            int cells = bags.get(b).cells().count();
            Arrays.fill(mask, b * rows + row, b * rows + row + cells, bound);
            row += cells;
        }
        return mask;
    }

    @Override
    public void close() {
        graph.close();
    }
}
