package io.gmil.model;

import java.util.Arrays;

/**
 * The posterior q(θ) = N(m, S) as prior plus sites, in natural parameters (DESIGN §4; {@code Gmil} of the reference):
 *
 * <pre>
 * Λ = Λ₀(σ²) + Σ H_n,   r = Σ h_n,   m ← m + ρ(Λ⁻¹ r − m),   S = Λ⁻¹
 * </pre>
 *
 * <p>Mutable and thread-confined. Whoever holds the sites sees to it that each labelled bag is in the sums once.
 */
public final class Posterior {
    private static final int BAYES_EVERY = 2;
    private static final double BAYES_RATE = 0.3;

    final ModelSpec spec;
    final LinearAlgebra algebra;
    final SiteSum sum;
    final double[] mean;

    /** L⁻¹ of the last step (D × D, lower triangle), the factor of S. */
    final double[] inverseCholesky;

    final double[] next;
    final double[] scratch;
    final double[] work;
    Phase phase = Phase.MEAN_POOLING;
    int labelledBags;
    long steps;
    double pathLength;
    double sigma2Gamma;
    double sigma2Beta;

    /** The prior. */
    public Posterior(ModelSpec spec) {
        this(spec, LinearAlgebra.forDimension(spec.dimension()));
    }

    Posterior(ModelSpec spec, LinearAlgebra algebra) {
        int d = spec.dimension();
        this.spec = spec;
        this.algebra = algebra;
        this.sum = new SiteSum(d, algebra);
        this.mean = new double[d];
        this.inverseCholesky = new double[d * d];
        this.next = new double[d];
        this.scratch = new double[d];
        this.work = new double[d * d];
        this.sigma2Gamma = spec.sigma2Gamma();
        this.sigma2Beta = spec.sigma2Beta();
        double[] precision = spec.priorPrecision(sigma2Gamma, sigma2Beta);
        for (int i = 0; i < d; i++) {
            inverseCholesky[i * d + i] = 1 / Math.sqrt(precision[i]);
        }
    }

    /** A newly labelled bag comes in. */
    public void added(Site site) {
        sum.add(site, 1);
        labelledBags++;
    }

    /** A bag leaves: erased, or its label withdrawn. */
    public void removed(Site site) {
        sum.add(site, -1);
        labelledBags--;
    }

    /** A bag's site is recomputed. */
    public void replaced(Site before, Site after) {
        sum.add(before, -1);
        sum.add(after, 1);
    }

    /** Any of the three; null stands for no site. */
    public void change(Site before, Site after) {
        if (before != null) {
            removed(before);
        }
        if (after != null) {
            added(after);
        }
    }

    /** Bags in the sums: added less removed. */
    public int labelledBags() {
        return labelledBags;
    }

    /** Makes the sums anew, free of the rounding of past additions and removals. The mean and S stay. */
    public void rebuild(Iterable<Site> sites) {
        sum.clear();
        labelledBags = 0;
        for (Site site : sites) {
            added(site);
        }
    }

    public ModelSpec spec() {
        return spec;
    }

    public Phase phase() {
        return phase;
    }

    public void phase(Phase newPhase) {
        phase = newPhase;
    }

    public double sigma2Gamma() {
        return sigma2Gamma;
    }

    public double sigma2Beta() {
        return sigma2Beta;
    }

    public double pathLength() {
        return pathLength;
    }

    /** One damped step at the current sums; every second one is followed by empirical Bayes. */
    public Step step() {
        int d = mean.length;
        double[] l = precision();
        if (!algebra.cholesky(l, d)) {
            return Step.REFUSED;
        }
        System.arraycopy(sum.shift(), 0, next, 0, d);
        Triangular.solve(l, d, next);
        Triangular.solveTransposed(l, d, next);
        for (int i = 0; i < d; i++) {
            next[i] -= mean[i];
        }
        double distance = Math.sqrt(Triangular.squaredNormOfTransposed(l, d, next, scratch) / d);
        if (!Double.isFinite(distance)) {
            return Step.REFUSED;
        }
        Triangular.axpy(spec.damping(), next, 0, mean, 0, d);
        pathLength += spec.damping() * distance;
        algebra.invertLower(l, d);
        System.arraycopy(l, 0, inverseCholesky, 0, d * d);
        if (++steps % BAYES_EVERY == 0) {
            empiricalBayes();
        }
        return new Step(false, spec.damping() * distance, (1 - spec.damping()) * distance);
    }

    /** Λ on the lower triangle of the work array. */
    private double[] precision() {
        int d = mean.length;
        System.arraycopy(sum.precision(), 0, work, 0, d * d);
        double[] prior = spec.priorPrecision(sigma2Gamma, sigma2Beta);
        for (int i = 0; i < d; i++) {
            work[i * d + i] += prior[i];
        }
        return work;
    }

    /**
     * Damped EM on the prior variances under an inverse-gamma hyperprior:
     * target = (ν σ₀² + Σ (m_q² + S_qq)) / (ν + Q), σ² ← σ² (target / σ²)^rate.
     */
    private void empiricalBayes() {
        Arrays.fill(scratch, 0); // the diagonal of S = L⁻ᵀL⁻¹
        int d = mean.length;
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double value = inverseCholesky[i * d + j];
                scratch[j] += value * value;
            }
        }
        if (phase == Phase.SAMPLED) {
            sigma2Gamma = moved(sigma2Gamma, spec.sigma2Gamma(), spec.gamma());
        }
        sigma2Beta = moved(sigma2Beta, spec.sigma2Beta(), spec.beta());
    }

    private double moved(double current, double centre, int from) {
        double squares = 0;
        for (int i = from; i < from + spec.width(); i++) {
            squares += mean[i] * mean[i] + scratch[i];
        }
        double target = (spec.hyperStrength() * centre + squares) / (spec.hyperStrength() + spec.width());
        return current * Math.pow(target / current, BAYES_RATE);
    }

    /** What readers use, small enough to be published; S is that of the last step that was taken. */
    public PosteriorSnapshot snapshot(long generation, long version) {
        return mean.length > Factor.EXACT_LIMIT
                ? snapshot(generation, version, WideFactor.of(inverseCholesky, mean.length, spec.seed()))
                : exactSnapshot(generation, version);
    }

    /**
     * The same with the whole of S whatever D: for readers in the same process. A few fixed deviations in its place cost
     * an offline fit accuracy, because its draws are to be fresh in every step.
     */
    public PosteriorSnapshot exactSnapshot(long generation, long version) {
        int d = mean.length;
        return snapshot(generation, version, Factor.exact(d, Triangular.pack(inverseCholesky, d)));
    }

    private PosteriorSnapshot snapshot(long generation, long version, Factor factor) {
        return new PosteriorSnapshot(
                spec, generation, version, phase, labelledBags, pathLength, sigma2Gamma, sigma2Beta, mean, factor);
    }

    /** The whole state, see {@link PosteriorBytes}. */
    public byte[] toBytes() {
        return PosteriorBytes.write(this);
    }

    /** The posterior of {@link #toBytes()}. */
    public static Posterior fromBytes(byte[] bytes, ModelSpec spec) {
        return PosteriorBytes.read(bytes, spec);
    }
}
