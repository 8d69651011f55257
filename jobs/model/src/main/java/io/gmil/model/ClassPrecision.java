package io.gmil.model;

import java.util.Arrays;

/**
 * Λ of one class as the sum of the prior and all sites, for taking single sites out again.
 *
 * <p>The mean of a class moves as those of the others do. Each class's own curvature E[p(1 − p)], all that sites have,
 * leaves out that their η move against one another, and is too small for that: of C equally likely classes by C / (C − 1),
 * of two by just that whatever they are. So steps of the mean are taken with H times that.
 */
final class ClassPrecision {
    private final double[] mean;
    private final double noise;
    private final double coupling;
    private final double[] prior;
    private final boolean independent;

    /** Λ_ii (D). */
    private double[] diagonal = new double[0];

    /** In mean pooling γ stays where it is. */
    private final int frozenFrom;

    private final int frozenTo;
    private final SiteSum sum;
    private final double[] gradients;
    private final LinearAlgebra algebra;
    private double[] own = new double[0];
    private double[] coupled = new double[0];

    /** The gradient r − Λm that is left at m: a fit stops near its rest, and has it at other draws. */
    private final double[] residual;

    ClassPrecision(PosteriorSnapshot q) {
        ModelSpec spec = q.spec();
        int classes = spec.likelihood().components();
        this.mean = q.sharedMean();
        this.noise = q.variances().noise();
        this.coupling = classes == 1 ? 1 : classes / (classes - 1.0);
        this.prior = spec.priorPrecision(q.variances());
        this.independent = spec.covariance() == ModelSpec.Covariance.MEAN_FIELD;
        this.frozenFrom = q.phase() == Phase.MEAN_POOLING ? spec.gamma() : spec.beta();
        this.frozenTo = spec.beta();
        this.residual = new double[spec.dimension()];
        this.gradients = new double[spec.dimension()];
        this.algebra = LinearAlgebra.forDimension(spec.dimension());
        this.sum = new SiteSum(spec.dimension(), algebra);
    }

    void add(Site site) {
        sum.add(site, 1);
        Triangular.axpy(1, site.gradient(mean), 0, gradients, 0, mean.length);
    }

    /** After the last site. */
    void factorise() {
        diagonal = sum.diagonal();
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = diagonal[i] / noise + prior[i];
        }
        own = cholesky(1 / noise);
        coupled = coupling == 1 ? own : cholesky(coupling / noise);
        for (int i = 0; i < residual.length; i++) {
            residual[i] = gradients[i] / noise - prior[i] * mean[i];
        }
        Arrays.fill(residual, frozenFrom, frozenTo, 0);
    }

    private double[] cholesky(double weight) {
        int d = mean.length;
        double[] l = sum.precision().clone();
        for (int i = 0; i < d * d; i++) {
            l[i] *= weight;
        }
        for (int i = 0; i < d; i++) {
            l[i * d + i] += prior[i];
        }
        if (!algebra.cholesky(l, d)) {
            throw new IllegalArgumentException("sites: expected finite ones, got a precision that is not");
        }
        return l;
    }

    /** Λ without this site. */
    Cavity without(Site site) {
        return new Cavity(own, site, 1 / noise);
    }

    /**
     * By how much the variance along J grows without the site, at least 1.
     *
     * @param cavity {@link #without} it
     */
    double growth(Cavity cavity, Site site, double[] jacobian) {
        if (!independent) {
            return cavity.growth(jacobian);
        }
        double before = 0;
        double after = 0;
        for (int i = 0; i < jacobian.length; i++) {
            double own = 0;
            for (int k = 0; k < site.rank(); k++) {
                double row = site.rows()[k * jacobian.length + i];
                own += row * row / noise;
            }
            double square = jacobian[i] * jacobian[i];
            before += square / diagonal[i];
            after += square / Math.max(prior[i], diagonal[i] - own);
        }
        return after / before;
    }

    /** How far the bag moves the mean (D). */
    double[] pull(Site site) {
        return new Cavity(coupled, site, coupling / noise).solve(gradient(site));
    }

    /** m₋ (D), that of the bag taken off and the step to the rest added. */
    double[] meanWithout(Site site) {
        double[] left = gradient(site);
        for (int i = 0; i < left.length; i++) {
            left[i] = residual[i] - left[i];
        }
        double[] without = new Cavity(coupled, site, coupling / noise).solve(left);
        Triangular.axpy(1, mean, 0, without, 0, without.length);
        return without;
    }

    private double[] gradient(Site site) {
        double[] gradient = site.gradient(mean);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= noise;
        }
        return gradient;
    }

    /** xᵀΛx. */
    double squaredNorm(double[] x) {
        return Triangular.squaredNormOfTransposed(own, x.length, x, new double[x.length]);
    }
}
