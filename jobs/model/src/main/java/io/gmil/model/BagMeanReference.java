package io.gmil.model;

import org.apache.commons.math3.distribution.FDistribution;

/**
 * How the mean of the next bag is expected to be, from those of earlier bags: a multivariate t with ν degrees of freedom, see
 * {@link BagMeanMoments}. Under it d²/Q follows F(Q, ν), d being the Mahalanobis distance.
 */
public final class BagMeanReference {
    /** Bags like the earlier ones are beyond the limit once in a thousand. */
    private static final double QUANTILE = 0.999;

    private final int bags;
    private final double[] mean;
    private final float[] inverseScale;
    private final double degrees;
    private final double limit;

    /**
     * The parts of a reference, which are not copied.
     *
     * @param bags behind it
     * @param mean (Q), in scaled features
     * @param inverseScale L⁻¹ with L Lᵀ the scale of the t, its lower triangle by rows, Q(Q + 1)/2
     * @param degrees ν, more than 2
     */
    public BagMeanReference(int bags, double[] mean, float[] inverseScale, double degrees) {
        int width = mean.length;
        if (width < 1 || inverseScale.length != width * (width + 1) / 2 || !(degrees > 2)) {
            throw new IllegalArgumentException(
                    "reference of bag means: expected Q means, Q(Q + 1)/2 values of the factor and "
                            + "more than 2 degrees of freedom, got " + width + ", " + inverseScale.length + " and "
                            + degrees);
        }
        this.bags = bags;
        this.mean = mean;
        this.inverseScale = inverseScale;
        this.degrees = degrees;
        this.limit = new FDistribution(null, width, degrees).inverseCumulativeProbability(QUANTILE)
                * (degrees - 2)
                / degrees;
    }

    public int bags() {
        return bags;
    }

    public int width() {
        return mean.length;
    }

    public double[] mean() {
        return mean.clone();
    }

    /** L⁻¹, see the constructor. */
    public float[] inverseScale() {
        return inverseScale.clone();
    }

    public double degrees() {
        return degrees;
    }

    /** The shift beyond which a bag is out of distribution. */
    public double limit() {
        return limit;
    }

    /** d² of the mean of a bag (Q, in scaled features) divided by what is expected of it: 1 on average. */
    public double shift(double[] bagMean) {
        int width = mean.length;
        if (bagMean.length != width) {
            throw new IllegalArgumentException("mean of a bag: expected width " + width + ", got " + bagMean.length);
        }
        double[] difference = new double[width];
        for (int q = 0; q < width; q++) {
            difference[q] = bagMean[q] - mean[q];
        }
        double squared = 0;
        for (int i = 0, row = 0; i < width; row += ++i) {
            double z = Triangular.dot(inverseScale, row, difference, 0, i + 1);
            squared += z * z;
        }
        return squared / width * (degrees - 2) / degrees;
    }
}
