package io.gmil.model;

import java.util.Arrays;

/**
 * E[σ(η)] of several η ~ N(mean, sd²) at once, and σ at the two ends of their intervals, as {@link LogisticGaussian} but with
 * all exponentials taken in one loop and one for two nodes: with a = e^−mean and b = e^d,
 *
 * <pre>
 * σ(mean + d) = b / (b + a),   σ(mean − d) = 1 / (1 + a b)
 * </pre>
 *
 * <p>Thread-confined: buffers are reused.
 */
final class LogisticMeans {
    /** Of |mean| and of d, so that neither exponential overflows. */
    private static final double FARTHEST = 700;

    private final double[] nodes;
    private final double[] weights;
    private final int count;
    private final double z;

    /** The node of every b, or z. */
    private final double[] reaches;

    /** sd, for every b. */
    private final double[] deviations;

    /** b at the positive nodes of every η, node by node, then at its end; then a of every η. */
    private final double[] exponentials;

    private final double[] scratch;

    /** a, for every b. */
    private final double[] decays;

    private final double[] above;
    private final double[] below;
    private final double[] means;

    /** @param z the ends are mean ± z sd */
    LogisticMeans(int count, double z) {
        this.nodes = LogisticGaussian.positiveNodes();
        this.weights = LogisticGaussian.positiveWeights();
        this.count = count;
        this.z = z;
        this.exponentials = new double[(nodes.length + 2) * count];
        this.reaches = new double[(nodes.length + 1) * count];
        for (int k = 0; k <= nodes.length; k++) {
            Arrays.fill(reaches, k * count, (k + 1) * count, k < nodes.length ? nodes[k] : z);
        }
        this.deviations = new double[reaches.length];
        this.scratch = new double[exponentials.length];
        this.decays = new double[reaches.length];
        this.above = new double[reaches.length];
        this.below = new double[reaches.length];
        this.means = new double[count];
    }

    void at(double[] mean, double[] sd) {
        int points = reaches.length;
        repeat(sd, 0, count, deviations);
        multiply(deviations, reaches, exponentials, points);
        for (int o = 0; o < count; o++) {
            exponentials[points + o] = -mean[o];
        }
        Exponential.of(exponentials, points + count, scratch);
        repeat(exponentials, points, count, decays);
        divide(exponentials, decays, above, below, points);
        for (int o = 0; o < count; o++) {
            double sum = 0;
            for (int k = 0, i = o; k < nodes.length; k++, i += count) {
                sum += weights[k] * (above[i] + below[i]);
            }
            means[o] = sum;
            if (!(Math.abs(mean[o]) < FARTHEST && sd[o] * nodes[nodes.length - 1] < FARTHEST)) {
                takeOne(o, mean[o], sd[o]);
            }
        }
    }

    /** Fills {@code to} with so many values again and again. */
    private static void repeat(double[] values, int from, int count, double[] to) {
        System.arraycopy(values, from, to, 0, count);
        for (int filled = count; filled < to.length; ) {
            int more = Math.min(filled, to.length - filled);
            System.arraycopy(to, 0, to, filled, more);
            filled += more;
        }
    }

    private static void multiply(double[] a, double[] b, double[] out, int n) {
        for (int i = 0; i < n; i++) {
            out[i] = a[i] * b[i];
        }
    }

    private static void divide(double[] b, double[] a, double[] above, double[] below, int n) {
        for (int i = 0; i < n; i++) {
            above[i] = b[i] / (b[i] + a[i]);
            below[i] = 1 / (1 + a[i] * b[i]);
        }
    }

    private void takeOne(int o, double mean, double sd) {
        means[o] = LogisticGaussian.mean(mean, sd);
        above[nodes.length * count + o] = LogisticGaussian.sigmoid(mean + z * sd);
        below[nodes.length * count + o] = LogisticGaussian.sigmoid(mean - z * sd);
    }

    double mean(int o) {
        return means[o];
    }

    /** σ(mean − z sd). */
    double lower(int o) {
        return below[nodes.length * count + o];
    }

    /** σ(mean + z sd). */
    double upper(int o) {
        return above[nodes.length * count + o];
    }
}
