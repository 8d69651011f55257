package io.gmil.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.apache.commons.math3.special.Gamma;

/**
 * Running mean and scatter of the means of bags, and the distribution of the next one that follows from them.
 *
 * <p>Bag means are taken as normal with unknown mean and covariance. The covariance has an inverse Wishart prior that is
 * centred at the diagonal of the sample covariance, so that it is positive definite from the start; its strength κ, in bags, is
 * that of a grid under which the means seen so far are most probable (empirical Bayes; Gelman et al., Bayesian Data Analysis,
 * 3rd ed., §3.6). The next mean then follows a multivariate t: what is not known of the covariance widens it.
 *
 * <p>Thread-confined.
 */
public final class BagMeanMoments {
    /** Embeddings wider than this have no reference: it would be too large for a record. */
    public static final int WIDEST = 1280;

    /** Bags before which there is no reference. */
    public static final int LEAST_BAGS = 50;

    private static final int FORMAT = 1;

    /** Strengths κ that are tried, in multiples of Q. */
    private static final double[] STRENGTHS = {1 / 8.0, 1 / 2.0, 2, 8, 32, 128};

    /** Least variance of a feature, as a share of the average: one that was constant so far has none. */
    private static final double LEAST_VARIANCE = 1e-6;

    private int bags;
    private final double[] mean;

    /** Σ (x − x̄)(x − x̄)ᵀ, the lower triangle by rows. */
    private final double[] scatter;

    public BagMeanMoments(int width) {
        this.mean = new double[width];
        this.scatter = new double[width * (width + 1) / 2];
    }

    public int bags() {
        return bags;
    }

    /** Adds the mean of a bag (Q), in scaled features. */
    public void add(double[] bagMean) {
        update(bagMean, bags / (bags + 1.0));
        bags++;
        for (int q = 0; q < mean.length; q++) {
            mean[q] += (bagMean[q] - mean[q]) / bags;
        }
    }

    /** Takes out the mean of a bag that was added. */
    public void remove(double[] bagMean) {
        if (bags < 1) {
            throw new IllegalArgumentException("moments of bag means: expected at least 1 bag, got none");
        }
        bags--;
        for (int q = 0; q < mean.length; q++) {
            mean[q] = bags == 0 ? 0 : mean[q] + (mean[q] - bagMean[q]) / bags;
        }
        update(bagMean, -bags / (bags + 1.0));
    }

    /** scatter ← scatter + weight (x − mean)(x − mean)ᵀ. */
    private void update(double[] x, double weight) {
        if (x.length != mean.length) {
            throw new IllegalArgumentException("mean of a bag: expected width " + mean.length + ", got " + x.length);
        }
        for (int i = 0, at = 0; i < mean.length; i++) {
            double d = weight * (x[i] - mean[i]);
            for (int j = 0; j <= i; j++) {
                scatter[at++] += d * (x[j] - mean[j]);
            }
        }
    }

    /** The distribution of the next bag's mean; empty before {@value #LEAST_BAGS} bags and where all are alike. */
    public Optional<BagMeanReference> reference() {
        if (bags < LEAST_BAGS) {
            return Optional.empty();
        }
        int width = mean.length;
        LinearAlgebra algebra = LinearAlgebra.forDimension(width);
        double[] sd = standardDeviations();
        double best = Double.NEGATIVE_INFINITY;
        double kappa = 0;
        double[] factor = null;
        for (double strength : STRENGTHS) {
            double[] candidate = correlations(sd, strength * width);
            if (!algebra.cholesky(candidate, width)) {
                continue;
            }
            double evidence = evidence(strength * width, candidate);
            if (evidence > best) {
                best = evidence;
                kappa = strength * width;
                factor = candidate;
            }
        }
        if (factor == null) {
            return Optional.empty();
        }
        algebra.invertLower(factor, width);
        // Prior degrees of freedom are κ + Q + 1, so that the prior mean of the covariance is the diagonal.
        double degrees = kappa + bags + 1;
        return Optional.of(new BagMeanReference(
                bags, mean.clone(), inverseScale(factor, sd, Math.sqrt(degrees / (1 + 1.0 / bags))), degrees));
    }

    private double[] standardDeviations() {
        int width = mean.length;
        double[] sd = new double[width];
        double average = 0;
        for (int q = 0; q < width; q++) {
            sd[q] = scatter[q * (q + 3) / 2] / (bags - 1);
            average += sd[q] / width;
        }
        for (int q = 0; q < width; q++) {
            sd[q] = Math.sqrt(Math.max(sd[q], LEAST_VARIANCE * average));
        }
        return sd;
    }

    /** κ I + D^-½ scatter D^-½ (Q × Q), the lower triangle. Not positive where all bags are alike. */
    private double[] correlations(double[] sd, double kappa) {
        int width = mean.length;
        double[] matrix = new double[width * width];
        for (int i = 0, at = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                matrix[i * width + j] = scatter[at++] / (sd[i] * sd[j]);
            }
            matrix[i * width + i] += kappa;
        }
        return matrix;
    }

    /** Log probability of the means under a strength, but for what all strengths share; l is the factor of the sum. */
    private double evidence(double kappa, double[] l) {
        int width = mean.length;
        double prior = kappa + width + 1;
        double posterior = prior + bags - 1;
        double value = prior / 2 * width * Math.log(kappa);
        for (int q = 0; q < width; q++) {
            value += Gamma.logGamma((posterior - q) / 2) - Gamma.logGamma((prior - q) / 2);
            value -= posterior * Math.log(l[q * width + q]);
        }
        return value;
    }

    /** c L⁻¹ D^-½, packed. */
    private static float[] inverseScale(double[] inverse, double[] sd, double c) {
        int width = sd.length;
        float[] packed = new float[width * (width + 1) / 2];
        for (int i = 0, at = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                packed[at++] = (float) (c * inverse[i * width + j] / sd[j]);
            }
        }
        return packed;
    }

    /** Everything, in a numbered format. */
    public byte[] toBytes() {
        ByteBuffer bytes = ByteBuffer.allocate(3 * Integer.BYTES + Double.BYTES * (mean.length + scatter.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(FORMAT).putInt(mean.length).putInt(bags);
        bytes.asDoubleBuffer().put(mean).put(scatter);
        return bytes.array();
    }

    /** Restores what {@link #toBytes} wrote. */
    public static BagMeanMoments fromBytes(byte[] stored) {
        ByteBuffer bytes = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        int format = bytes.getInt();
        if (format != FORMAT) {
            throw new IllegalArgumentException("moments of bag means: expected format " + FORMAT + ", got " + format);
        }
        BagMeanMoments moments = new BagMeanMoments(bytes.getInt());
        moments.bags = bytes.getInt();
        bytes.asDoubleBuffer().get(moments.mean).get(moments.scatter);
        return moments;
    }
}
