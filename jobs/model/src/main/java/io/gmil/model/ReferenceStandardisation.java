package io.gmil.model;

/**
 * The authors' standardisation over the N bags of a batch, for each column: u = b (r − mean) / sd, with the unbiased sd.
 *
 * <p>One bag has no sd, and identical bags have sd 0, where the authors' code stops at NaN; both take sd = 1 here, so u
 * is 0. Rounding makes the sd of identical bags tiny rather than 0, hence the threshold.
 */
final class ReferenceStandardisation {
    private static final double ROUNDING = 1e-12;

    private final int bags;

    /** (columns). */
    final double[] mean;

    /** (columns). */
    final double[] sd;

    /** (r − mean) / sd (columns × N). */
    final double[] scores;

    /** Whether sd comes from the bags, so that gradients flow through it (columns). */
    private final boolean[] spread;

    /** @param raw r (columns × N) */
    ReferenceStandardisation(double[] raw, int columns) {
        this.bags = raw.length / columns;
        this.mean = new double[columns];
        this.sd = new double[columns];
        this.spread = new boolean[columns];
        this.scores = new double[raw.length];
        for (int c = 0; c < columns; c++) {
            standardise(raw, c);
        }
    }

    private void standardise(double[] raw, int c) {
        double largest = 0;
        for (int i = c * bags; i < (c + 1) * bags; i++) {
            mean[c] += raw[i] / bags;
            largest = Math.max(largest, Math.abs(raw[i]));
        }
        double squares = 0;
        for (int i = c * bags; i < (c + 1) * bags; i++) {
            squares += (raw[i] - mean[c]) * (raw[i] - mean[c]);
        }
        double unbiased = Math.sqrt(squares / (bags - 1));
        spread[c] = bags > 1 && unbiased > ROUNDING * largest;
        sd[c] = spread[c] ? unbiased : 1;
        for (int i = c * bags; i < (c + 1) * bags; i++) {
            scores[i] = (raw[i] - mean[c]) / sd[c];
        }
    }

    /**
     * The gradient with respect to r, given G = ∂/∂u: ∂/∂r_n = b/sd (G_n − mean(G) − score_n Σ G·score / (N − 1)); the
     * last term is absent where sd is 1 by rule.
     *
     * @param byEffect G (columns × N); overwritten with ∂/∂r
     * @param b (columns)
     * @return ∂/∂b (columns), which is Σ G·score
     */
    double[] backward(double[] byEffect, double[] b) {
        double[] byB = new double[b.length];
        for (int c = 0; c < b.length; c++) {
            int from = c * bags;
            double total = 0;
            for (int i = from; i < from + bags; i++) {
                total += byEffect[i];
            }
            byB[c] = Triangular.dot(byEffect, from, scores, from, bags);
            double bySpread = spread[c] ? byB[c] / (bags - 1) : 0;
            for (int i = from; i < from + bags; i++) {
                byEffect[i] = b[c] / sd[c] * (byEffect[i] - total / bags - scores[i] * bySpread);
            }
        }
        return byB;
    }
}
