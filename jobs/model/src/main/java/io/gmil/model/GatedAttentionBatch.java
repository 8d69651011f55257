package io.gmil.model;

import java.util.List;
import org.bytedeco.openblas.global.openblas;

/**
 * η of several bags under {@link GatedAttention} and the gradient of their loss, which is the mean of −log p(y | η). Cells
 * of all bags are stacked (M × Q), so that the three large products are native ones.
 *
 * <p>With r_c = −∂ log p / ∂η_c / B, of a count (n σ(η) − y) / B, and d_i = Σ_c r_c a_i (x_i·β_c − z·β_c), where
 * z = Σ a_i x_i:
 *
 * <pre>
 * ∂α_c = Σ r_c f    ∂β_c = Σ r_c z    ∂w = (tanh ⊙ σ)ᵀd    ∂V = Xᵀ(d wᵀ ⊙ σ ⊙ (1 − tanh²))    ∂U = Xᵀ(d wᵀ ⊙ tanh ⊙ σ(1 − σ))
 * </pre>
 *
 * <p>Written out rather than derived by ND4J's SameDiff, which takes twice the time, and in 1.0.0-M2.1 has wrong gradients of
 * operations on segments, wrong results from its second run on unless its cache of arrays is replaced, and prints to the console.
 */
final class GatedAttentionBatch {
    private final List<LabelledBag> bags;
    private final GatedAttentionWeights weights;
    private final Likelihood likelihood;
    private final int width;
    private final int hidden;
    private final int rows;
    private final double[] x;
    private final double[] gates;
    private final double[] attention;

    /** x_i·β_c (C × M). */
    private final double[] effects;

    private final double[][] eta;

    /** Runs the bags through the network; the weights may change afterwards. */
    GatedAttentionBatch(
            List<LabelledBag> bags, Likelihood likelihood, FeatureScaler scaler, GatedAttentionWeights weights) {
        this.bags = bags;
        this.likelihood = likelihood;
        this.weights = weights;
        this.width = scaler.width();
        this.hidden = weights.hidden();
        this.rows = bags.stream().mapToInt(bag -> bag.cells().count()).sum();
        this.x = stacked(scaler);
        this.gates = gates();
        this.attention = new double[rows];
        this.effects = new double[weights.components() * rows];
        this.eta = new double[bags.size()][weights.components()];
        for (int b = 0, first = 0;
                b < eta.length;
                first += bags.get(b++).cells().count()) {
            pool(b, first);
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

    /** η of a bag whose cells begin at a row; notes their a_i and x_i·β_c. */
    private void pool(int bag, int first) {
        int end = first + bags.get(bag).cells().count();
        double mass = attend(first, end);
        double[] f = bags.get(bag).fixedEffects();
        for (int c = 0; c < weights.components(); c++) {
            double sum = 0;
            for (int i = first; i < end; i++) {
                double effect = Triangular.dot(x, i * width, weights.beta(), c * width, width);
                effects[c * rows + i] = effect;
                sum += attention[i] * effect;
            }
            eta[bag][c] = sum / mass + Triangular.dot(f, 0, weights.alpha(), c * f.length, f.length);
        }
        for (int i = first; i < end; i++) {
            attention[i] /= mass;
        }
    }

    /** a_i of cells of a bag up to their sum, which is returned. */
    private double attend(int first, int end) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = first; i < end; i++) {
            attention[i] = logit(i);
            largest = Math.max(largest, attention[i]);
        }
        double mass = 0;
        for (int i = first; i < end; i++) {
            attention[i] = Math.exp(attention[i] - largest);
            mass += attention[i];
        }
        return mass;
    }

    private double logit(int row) {
        double e = 0;
        for (int h = 0; h < hidden; h++) {
            int at = row * 2 * hidden + h;
            e += weights.attention()[h] * gates[at] * gates[at + hidden];
        }
        return e;
    }

    /** η of a bag (C). */
    double[] eta(int bag) {
        return eta[bag].clone();
    }

    /** Negative log-likelihood per bag, without binomial coefficients. */
    double loss() {
        double loss = 0;
        for (int b = 0; b < eta.length; b++) {
            loss -= likelihood.logLikelihood(bags.get(b).labels()[0], 1, eta[b]);
        }
        return loss / eta.length;
    }

    /** Of {@link #loss}; to be asked for once, as the gates are overwritten. */
    GatedAttentionWeights gradient() {
        GatedAttentionWeights gradient = weights.zero();
        for (int b = 0, first = 0;
                b < eta.length;
                first += bags.get(b++).cells().count()) {
            descendBag(b, first, gradient);
        }
        multiply(openblas.CblasTrans, width, rows, x, gates, gradient.gates());
        return gradient;
    }

    private void descendBag(int bag, int first, GatedAttentionWeights gradient) {
        double[] f = bags.get(bag).fixedEffects();
        int count = bags.get(bag).cells().count();
        double[] r = residuals(bag);
        double[] pooled = new double[r.length];
        for (int c = 0; c < r.length; c++) {
            Triangular.axpy(r[c], f, 0, gradient.alpha(), c * f.length, f.length);
            pooled[c] = Triangular.dot(attention, first, effects, c * rows + first, count);
        }
        for (int i = first; i < first + count; i++) {
            double d = 0;
            for (int c = 0; c < r.length; c++) {
                double share = r[c] * attention[i];
                Triangular.axpy(share, x, i * width, gradient.beta(), c * width, width);
                d += share * (effects[c * rows + i] - pooled[c]);
            }
            descend(i, d, gradient);
        }
    }

    /** r_c. */
    private double[] residuals(int bag) {
        double[] r = new double[eta[bag].length];
        likelihood.derivatives(bags.get(bag).labels()[0], eta[bag], r, new double[r.length]);
        for (int c = 0; c < r.length; c++) {
            r[c] = -r[c] / eta.length;
        }
        return r;
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
