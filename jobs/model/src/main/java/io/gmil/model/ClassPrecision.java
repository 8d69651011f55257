package io.gmil.model;

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
    private final SiteSum sum;
    private final LinearAlgebra algebra;
    private double[] own = new double[0];
    private double[] coupled = new double[0];

    ClassPrecision(PosteriorSnapshot q) {
        ModelSpec spec = q.spec();
        int classes = spec.likelihood().components();
        this.mean = q.sharedMean();
        this.noise = q.variances().noise();
        this.coupling = classes == 1 ? 1 : classes / (classes - 1.0);
        this.prior = spec.priorPrecision(q.variances());
        this.algebra = LinearAlgebra.forDimension(spec.dimension());
        this.sum = new SiteSum(spec.dimension(), algebra);
    }

    void add(Site site) {
        sum.add(site, 1);
    }

    /** After the last site. */
    void factorise() {
        own = cholesky(1 / noise);
        coupled = coupling == 1 ? own : cholesky(coupling / noise);
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

    /** m − m₋ (D). */
    double[] step(Site site) {
        double[] gradient = site.gradient(mean);
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] /= noise;
        }
        return new Cavity(coupled, site, coupling / noise).solve(gradient);
    }

    /** xᵀΛx. */
    double squaredNorm(double[] x) {
        return Triangular.squaredNormOfTransposed(own, x.length, x, new double[x.length]);
    }
}
