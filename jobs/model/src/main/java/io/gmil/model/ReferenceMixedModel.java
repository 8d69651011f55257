package io.gmil.model;

import java.util.Arrays;

/**
 * The logistic mixed model of the authors' start, fitted by variational Bayes as statsmodels does
 * ({@code BinomialBayesMixedGLM.fit_vb}): y_i ~ Bernoulli(σ(f_i·a + x_i·v)), a ~ N(0, 2²), v_q ~ N(0, exp(2τ)),
 * τ ~ N(0, 1), and independent normal q(a), q(τ), q(v). With θ = (a, τ, v), means m and standard deviations s,
 *
 * <pre>
 * ELBO = Σ_i y_i m_i − E[softplus(N(m_i, s_i²))] + Σ log s − Σ_k (m_a² + s_a²)/8 − (m_τ² + s_τ²)/2
 *        − ½ exp(2 s_τ² − 2 m_τ) Σ_q (m_q² + s_q²) − Q m_τ
 * m_i = f_i·m_a + x_i·m_v,   s_i² = f_i²·s_a² + x_i²·s_v²
 * </pre>
 *
 * <p>Their expectation is a Gauss–Legendre rule of 10 nodes over ±5 standard deviations.
 */
final class ReferenceMixedModel implements ReferenceMinimiser.Objective {
    private static final double FIXED_VARIANCE = 4;
    private static final double RANGE = 5;
    private static final double TOLERANCE = 1e-9;
    private static final double FIRST_LOG_SD = -0.5;

    /** Positive nodes of the Legendre polynomial of degree 10; the rule is symmetric. */
    private static final double[] NODES = {
        0.14887433898163122, 0.4333953941292472, 0.6794095682990244, 0.8650633666889845, 0.9739065285171717
    };

    private static final double[] WEIGHTS = {
        0.2955242247147529, 0.26926671930999635, 0.2190863625159821, 0.1494513491505806, 0.0666713443086881
    };

    /** (f_i, 0, x_i) (rows × D), D = K + 1 + Q. */
    private final double[] design;

    private final double[] labels;
    private final int dimension;

    /** K, and the index of τ. */
    private final int tau;

    /**
     * The fit.
     *
     * @param fixedMean m_a (K)
     * @param mean m_v (Q)
     * @param sd s_v (Q)
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Fit(double[] fixedMean, double[] mean, double[] sd) {}

    private ReferenceMixedModel(double[][] fixedEffects, double[][] features, double[] labels) {
        this.labels = labels;
        this.tau = fixedEffects[0].length;
        this.dimension = tau + 1 + features[0].length;
        this.design = new double[labels.length * dimension];
        for (int i = 0; i < labels.length; i++) {
            System.arraycopy(fixedEffects[i], 0, design, i * dimension, tau);
            System.arraycopy(features[i], 0, design, i * dimension + tau + 1, features[i].length);
        }
    }

    /**
     * Maximises the ELBO.
     *
     * @param fixedEffects rows × K
     * @param features rows × Q
     * @param labels 0 or 1 (rows)
     */
    static Fit fit(double[][] fixedEffects, double[][] features, double[] labels) {
        ReferenceMixedModel model = new ReferenceMixedModel(fixedEffects, features, labels);
        int d = model.dimension;
        double[] start = new double[2 * d];
        Arrays.fill(start, d, 2 * d, FIRST_LOG_SD);
        double[] x = ReferenceMinimiser.minimise(model, start, TOLERANCE);
        double[] sd = Arrays.copyOfRange(x, d + model.tau + 1, 2 * d);
        for (int q = 0; q < sd.length; q++) {
            sd[q] = Math.exp(sd[q]);
        }
        return new Fit(Arrays.copyOf(x, model.tau), Arrays.copyOfRange(x, model.tau + 1, d), sd);
    }

    /** −ELBO; x and gradient are (m, log s). */
    @Override
    public double value(double[] x, double[] gradient) {
        Arrays.fill(gradient, 0);
        double value = 0;
        for (int i = 0; i < labels.length; i++) {
            value += row(i, x, gradient);
        }
        return value + prior(x, gradient);
    }

    private double row(int i, double[] x, double[] gradient) {
        int at = i * dimension;
        double mean = Triangular.dot(design, at, x, 0, dimension);
        double variance = 0;
        for (int k = 0; k < dimension; k++) {
            double scaled = design[at + k] * Math.exp(x[dimension + k]);
            variance += scaled * scaled;
        }
        double sd = Math.sqrt(variance);
        double value = -labels[i] * mean;
        double byMean = -labels[i];
        double bySd = 0;
        for (int j = 0; j < NODES.length; j++) {
            double z = RANGE * NODES[j];
            double weight = RANGE * WEIGHTS[j] * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
            double above = mean + sd * z;
            double below = mean - sd * z;
            double p = LogisticGaussian.sigmoid(above);
            double r = LogisticGaussian.sigmoid(below);
            value += weight * (ReferenceBinomial.softplus(above) + ReferenceBinomial.softplus(below));
            byMean += weight * (p + r);
            bySd += weight * z * (p - r);
        }
        Triangular.axpy(byMean, design, at, gradient, 0, dimension);
        for (int k = 0; k < dimension && sd > 0; k++) {
            double scaled = design[at + k] * Math.exp(x[dimension + k]);
            gradient[dimension + k] += bySd * scaled * scaled / sd;
        }
        return value;
    }

    private double prior(double[] x, double[] gradient) {
        int d = dimension;
        double sdTau = Math.exp(x[d + tau]);
        double precision = Math.exp(2 * (sdTau * sdTau - x[tau]));
        double value = (d - tau - 1) * x[tau];
        double squares = 0;
        for (int k = 0; k < d; k++) {
            double variance = Math.exp(2 * x[d + k]);
            double square = x[k] * x[k] + variance;
            double priorPrecision = 1;
            if (k > tau) {
                squares += square;
                priorPrecision = precision;
            } else if (k < tau) {
                priorPrecision = 1 / FIXED_VARIANCE;
            }
            value += priorPrecision * square / 2 - x[d + k];
            gradient[k] += priorPrecision * x[k];
            gradient[d + k] += priorPrecision * variance - 1;
        }
        gradient[tau] += d - tau - 1 - precision * squares;
        gradient[d + tau] += 2 * precision * squares * sdTau * sdTau;
        return value;
    }
}
