package io.gmil.model;

import java.util.List;
import org.bytedeco.openblas.global.openblas;

/**
 * η of several bags under {@link GatedAttention} and the gradient of their loss, which is the mean of
 * n log(1 + e^η) − y η. Cells of all bags are stacked (M × Q), so that the three large products are native ones.
 *
 * <p>With r = (n σ(η) − y) / B, c_i = r a_i and d_i = c_i (x_i·β − z·β), where z = Σ a_i x_i:
 *
 * <pre>
 * ∂α = Σ r f    ∂β = Xᵀc    ∂w = (tanh ⊙ σ)ᵀd    ∂V = Xᵀ(d wᵀ ⊙ σ ⊙ (1 − tanh²))    ∂U = Xᵀ(d wᵀ ⊙ tanh ⊙ σ(1 − σ))
 * </pre>
 */
final class GatedAttentionBatch {
    private final List<LabelledBag> bags;
    private final GatedAttentionWeights weights;
    private final int width;
    private final int hidden;
    private final int rows;
    private final double[] x;
    private final double[] gates;
    private final double[] attention;
    private final double[] effects;
    private final double[] eta;

    /** Runs the bags through the network; the weights may change afterwards. */
    GatedAttentionBatch(List<LabelledBag> bags, FeatureScaler scaler, GatedAttentionWeights weights) {
        this.bags = bags;
        this.weights = weights;
        this.width = scaler.width();
        this.hidden = weights.hidden();
        this.rows = bags.stream().mapToInt(bag -> bag.cells().count()).sum();
        this.x = stacked(scaler);
        this.gates = gates();
        this.attention = new double[rows];
        this.effects = new double[rows];
        this.eta = new double[bags.size()];
        for (int b = 0, first = 0;
                b < eta.length;
                first += bags.get(b++).cells().count()) {
            eta[b] = pool(bags.get(b), first);
        }
    }

    /** Standardised cells (M × Q). */
    private double[] stacked(FeatureScaler scaler) {
        double[] target = new double[Math.multiplyExact(rows, width)];
        int[] at = {0};
        for (LabelledBag bag : bags) {
            bag.cells().forEachBlock((values, count) -> {
                for (int i = 0; i < count * width; i++) {
                    int q = i % width;
                    target[at[0]++] = (values[i] - scaler.mean()[q]) / scaler.sd()[q];
                }
            });
        }
        return target;
    }

    /** tanh(XV + v) beside σ(XU + u), (M × 2L). */
    private double[] gates() {
        int columns = 2 * hidden;
        double[] product = new double[Math.multiplyExact(rows, columns)];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(weights.gateOffsets(), 0, product, i * columns, columns);
        }
        multiply(openblas.CblasNoTrans, rows, width, x, weights.gates(), product);
        for (int i = 0; i < rows; i++) {
            for (int h = 0; h < hidden; h++) {
                int at = i * columns + h;
                product[at] = GatedAttention.tanh(product[at]);
                product[at + hidden] = LogisticGaussian.sigmoid(product[at + hidden]);
            }
        }
        return product;
    }

    /** c ← c + op(a) b with 2L columns on the right, row-major. */
    private void multiply(int transposition, int m, int inner, double[] a, double[] b, double[] c) {
        openblas.cblas_dgemm(
                openblas.CblasRowMajor,
                transposition,
                openblas.CblasNoTrans,
                m,
                2 * hidden,
                inner,
                1,
                a,
                width,
                b,
                2 * hidden,
                1,
                c,
                2 * hidden);
    }

    /** η of a bag whose cells begin at a row; notes their a_i and x_i·β. */
    private double pool(LabelledBag bag, int first) {
        int end = first + bag.cells().count();
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = first; i < end; i++) {
            effects[i] = Triangular.dot(x, i * width, weights.beta(), 0, width);
            attention[i] = logit(i);
            largest = Math.max(largest, attention[i]);
        }
        double mass = 0;
        double sum = 0;
        for (int i = first; i < end; i++) {
            attention[i] = Math.exp(attention[i] - largest);
            mass += attention[i];
            sum += attention[i] * effects[i];
        }
        for (int i = first; i < end; i++) {
            attention[i] /= mass;
        }
        return sum / mass + Triangular.dot(bag.fixedEffects(), 0, weights.alpha(), 0, weights.alpha().length);
    }

    private double logit(int row) {
        double e = 0;
        for (int h = 0; h < hidden; h++) {
            int at = row * 2 * hidden + h;
            e += weights.attention()[h] * gates[at] * gates[at + hidden];
        }
        return e;
    }

    /** η of each bag. */
    double[] eta() {
        return eta.clone();
    }

    /** Negative log-likelihood per bag, without binomial coefficients. */
    double loss() {
        double loss = 0;
        for (int b = 0; b < eta.length; b++) {
            double softplus = Math.max(eta[b], 0) + Math.log1p(Math.exp(-Math.abs(eta[b])));
            loss += bags.get(b).trials() * softplus - bags.get(b).y() * eta[b];
        }
        return loss / eta.length;
    }

    /** Of {@link #loss}; to be asked for once, as the gates are overwritten. */
    GatedAttentionWeights gradient() {
        GatedAttentionWeights gradient = weights.zero();
        for (int b = 0, first = 0;
                b < eta.length;
                first += bags.get(b++).cells().count()) {
            LabelledBag bag = bags.get(b);
            double residual = (bag.trials() * LogisticGaussian.sigmoid(eta[b]) - bag.y()) / eta.length;
            Triangular.axpy(residual, bag.fixedEffects(), 0, gradient.alpha(), 0, gradient.alpha().length);
            int end = first + bag.cells().count();
            double pooled = Triangular.dot(attention, first, effects, first, end - first);
            for (int i = first; i < end; i++) {
                double c = residual * attention[i];
                Triangular.axpy(c, x, i * width, gradient.beta(), 0, width);
                descend(i, c * (effects[i] - pooled), gradient);
            }
        }
        multiply(openblas.CblasTrans, width, rows, x, gates, gradient.gates());
        return gradient;
    }

    /** From ∂e of a cell to ∂w and the offsets; its gates become their gradient before tanh and σ. */
    private void descend(int row, double d, GatedAttentionWeights gradient) {
        for (int h = 0; h < hidden; h++) {
            int at = row * 2 * hidden + h;
            double tanh = gates[at];
            double sigma = gates[at + hidden];
            gradient.attention()[h] += d * tanh * sigma;
            double slope = d * weights.attention()[h] * sigma;
            gates[at] = slope * (1 - tanh * tanh);
            gates[at + hidden] = slope * tanh * (1 - sigma);
        }
        Triangular.axpy(1, gates, row * 2 * hidden, gradient.gateOffsets(), 0, 2 * hidden);
    }
}
