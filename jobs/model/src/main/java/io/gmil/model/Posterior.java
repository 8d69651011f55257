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

    /** ν of the hyperprior of σ², centred on 1, the variance of standardised labels: data speak for themselves. */
    static final double NOISE_STRENGTH = 1;

    /** Of base noise: keeps what tells heads apart from all other draws. */
    private static final long HEADS = 0x5DEECE66DL;

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
    Variances variances;

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
        this.variances = spec.prior().variances();
        double[] precision = spec.priorPrecision(variances);
        for (int i = 0; i < d; i++) {
            inverseCholesky[i * d + i] = 1 / Math.sqrt(precision[i]);
        }
        for (int h = 1; h < spec.heads(); h++) { // heads that begin alike would stay alike
            scatter(h, HEADS + h);
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

    /** As learnt so far. */
    public Variances variances() {
        return variances;
    }

    public double sigma2Gamma() {
        return variances.gamma();
    }

    public double sigma2Beta() {
        return variances.beta();
    }

    public double pathLength() {
        return pathLength;
    }

    /** Begins at another attention: γ ~ N(0, σ_γ² I). */
    void scatter(long noiseSeed) {
        for (int h = 0; h < spec.heads(); h++) {
            scatter(h, noiseSeed + h * HEADS);
        }
    }

    private void scatter(int head, long noiseSeed) {
        double[] noise = BaseNoise.standardNormal(spec.seed(), noiseSeed, spec.width());
        for (int q = 0; q < noise.length; q++) {
            mean[spec.gamma(head) + q] = Math.sqrt(variances.gamma()) * noise[q];
        }
    }

    /** One damped step at the current sums; every second one is followed by empirical Bayes. */
    public Step step() {
        int d = mean.length;
        double[] l = precision();
        if (!algebra.cholesky(l, d)) {
            return Step.REFUSED;
        }
        for (int i = 0; i < d; i++) {
            next[i] = sum.shift()[i] / variances.noise();
        }
        Triangular.solve(l, d, next);
        Triangular.solveTransposed(l, d, next);
        for (int i = 0; i < d; i++) {
            next[i] -= mean[i];
        }
        if (phase == Phase.MEAN_POOLING) {
            // Attention stays where it is, at 0 or where a start has put it.
            Arrays.fill(next, spec.gamma(), spec.beta(), 0);
        }
        double distance = Math.sqrt(Triangular.squaredNormOfTransposed(l, d, next, scratch) / d);
        if (!Double.isFinite(distance)) {
            return Step.REFUSED;
        }
        Triangular.axpy(spec.damping(), next, 0, mean, 0, d);
        pathLength += spec.damping() * distance;
        if (spec.covariance() == ModelSpec.Covariance.MEAN_FIELD) {
            meanField();
        } else {
            algebra.invertLower(l, d);
            System.arraycopy(l, 0, inverseCholesky, 0, d * d);
        }
        if (++steps % BAYES_EVERY == 0) {
            empiricalBayes();
        }
        return new Step(false, spec.damping() * distance, (1 - spec.damping()) * distance);
    }

    /** The best independent Gaussian under the sites has the mean of the full one and the variances 1/Λ_ii. */
    private void meanField() {
        int d = mean.length;
        double[] sums = sum.precision();
        double[] prior = spec.priorPrecision(variances);
        Arrays.fill(inverseCholesky, 0);
        for (int i = 0; i < d; i++) {
            inverseCholesky[i * d + i] = 1 / Math.sqrt(sums[i * d + i] / variances.noise() + prior[i]);
        }
    }

    /** Λ on the lower triangle of the work array. */
    private double[] precision() {
        int d = mean.length;
        System.arraycopy(sum.precision(), 0, work, 0, d * d);
        if (variances.noise() != 1) {
            for (int i = 0; i < d * d; i++) {
                work[i] /= variances.noise();
            }
        }
        double[] prior = spec.priorPrecision(variances);
        for (int i = 0; i < d; i++) {
            work[i * d + i] += prior[i];
        }
        return work;
    }

    /**
     * Damped EM on the prior variances under an inverse-gamma hyperprior:
     * target = (ν σ₀² + Σ (m_q² + S_qq)) / (ν + Q), σ² ← σ² (target / σ²)^rate; on σ² of a Normal outcome likewise, with the
     * sum over bags of E[(y − η)²].
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
        ModelSpec.Prior prior = spec.prior();
        boolean random = prior.effects() == ModelSpec.Effects.RANDOM;
        boolean gamma = random && phase == Phase.SAMPLED;
        variances = new Variances(
                gamma ? moved(variances.gamma(), prior.sigma2Gamma(), spec.gamma(), spec.beta()) : variances.gamma(),
                random ? moved(variances.beta(), prior.sigma2Beta(), spec.beta(), d) : variances.beta(),
                spec.linear() > spec.fixedEffects()
                        ? moved(variances.intercept(), prior.sigma2Intercept(), spec.fixedEffects(), spec.linear())
                        : variances.intercept(),
                spec.likelihood() instanceof Normal
                        ? moved(variances.noise(), NOISE_STRENGTH, 1, sum.residual(), labelledBags)
                        : variances.noise());
    }

    /** Of the components {@code from} to {@code to} of θ. */
    private double moved(double current, double centre, int from, int to) {
        double squares = 0;
        for (int i = from; i < to; i++) {
            squares += mean[i] * mean[i] + scratch[i];
        }
        return moved(current, spec.prior().hyperStrength(), centre, squares, to - from);
    }

    private static double moved(double current, double strength, double centre, double squares, int count) {
        double target = (strength * centre + squares) / (strength + count);
        return current * Math.pow(target / current, BAYES_RATE);
    }

    /**
     * Takes the curvature C (D × D) that sites leave out off the precision; the mean stays, and the next step starts from the
     * sites again.
     *
     * @return false where that cannot be done, and nothing was
     */
    boolean widen(double[] curvature) {
        double[] widened = Widening.of(inverseCholesky, curvature, mean.length, algebra);
        if (widened == null) {
            return false;
        }
        System.arraycopy(widened, 0, inverseCholesky, 0, widened.length);
        return true;
    }

    /** S ← factor · S, until the next step. */
    void scale(double factor) {
        double root = Math.sqrt(factor);
        for (int i = 0; i < inverseCholesky.length; i++) {
            inverseCholesky[i] *= root;
        }
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

    /** With S of the sites alone, as it is before {@link #widen}. */
    PosteriorSnapshot ofSites() {
        int d = mean.length;
        double[] l = precision();
        if (spec.covariance() == ModelSpec.Covariance.MEAN_FIELD || !algebra.cholesky(l, d)) {
            return exactSnapshot(0, 0);
        }
        algebra.invertLower(l, d);
        return snapshot(0, 0, Factor.exact(d, Triangular.pack(l, d)));
    }

    private PosteriorSnapshot snapshot(long generation, long version, Factor factor) {
        return new PosteriorSnapshot(
                spec, generation, version, phase, labelledBags, pathLength, variances, mean, factor);
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
