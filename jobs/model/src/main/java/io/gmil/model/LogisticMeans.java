package io.gmil.model;

/**
 * E[σ(η)] of several η ~ N(mean, sd²) at once, and σ at the two ends of their intervals, as {@link LogisticGaussian#mean} but
 * with all exponentials taken in one loop. Thread-confined: buffers are reused.
 */
final class LogisticMeans {
    private final double[] nodes = LogisticGaussian.nodes();
    private final double[] weights = LogisticGaussian.weights();
    private final int count;
    private final double z;

    /** −η at every node of every η, node by node, then at both ends; then σ there. */
    private final double[] at;

    private final double[] scratch;
    private final double[] means;

    /** @param z the ends are mean ± z sd */
    LogisticMeans(int count, double z) {
        this.count = count;
        this.z = z;
        this.at = new double[(nodes.length + 2) * count];
        this.scratch = new double[at.length];
        this.means = new double[count];
    }

    void at(double[] mean, double[] sd) {
        int to = 0;
        for (double node : nodes) {
            to = place(-node, mean, sd, to);
        }
        place(-z, mean, sd, place(z, mean, sd, to));
        Exponential.of(at, at.length, scratch);
        for (int i = 0; i < at.length; i++) {
            at[i] = 1 / (1 + at[i]);
        }
        for (int o = 0; o < count; o++) {
            means[o] = 0;
        }
        for (int k = 0, i = 0; k < nodes.length; k++) {
            for (int o = 0; o < count; o++, i++) {
                means[o] += weights[k] * at[i];
            }
        }
    }

    private int place(double node, double[] mean, double[] sd, int to) {
        for (int o = 0; o < count; o++) {
            at[to + o] = sd[o] * node - mean[o];
        }
        return to + count;
    }

    double mean(int o) {
        return means[o];
    }

    /** σ(mean − z sd). */
    double lower(int o) {
        return at[nodes.length * count + o];
    }

    /** σ(mean + z sd). */
    double upper(int o) {
        return at[(nodes.length + 1) * count + o];
    }
}
