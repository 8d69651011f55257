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
    /** Rows of each site under {@link ModelSpec.Covariance#LOW_RANK}: at D = 3001 as accurate as all 8. */
    static final int LOW_RANK_ROWS = 3;

    /** Rows of all sites where D is too large for D × D values: a step takes O(M³). */
    static final int MOST_ROWS = 3072;

    private static final int BAYES_EVERY = 2;

    /** Of base noise: keeps what tells heads apart from all other draws. */
    private static final long HEADS = 0x5DEECE66DL;

    final ModelSpec spec;
    final double[] mean;
    SiteTotal sum;

    /** S of the last step. */
    WholeFactor factor;

    Phase phase = Phase.MEAN_POOLING;
    int labelledBags;
    long steps;
    double pathLength;
    Variances variances;
    private int rowsOfSite = Integer.MAX_VALUE;

    /** The prior. */
    public Posterior(ModelSpec spec) {
        this(spec, SiteTotal.of(spec));
    }

    /** The prior, with D × D values. */
    Posterior(ModelSpec spec, LinearAlgebra algebra) {
        this(spec, new SiteSum(spec.blocks(), algebra));
    }

    /** The prior, in the form of this empty sum. */
    Posterior(ModelSpec spec, SiteTotal empty) {
        this.spec = spec;
        this.sum = empty;
        this.mean = new double[spec.dimension()];
        this.variances = spec.prior().variances();
        this.factor = empty.independent(spec.priorPrecision(variances));
        for (int h = 1; h < spec.heads(); h++) { // heads that begin alike would stay alike
            scatter(h, HEADS + h);
        }
    }

    /**
     * Says how many bags there will be: where their sites would have more rows than the form of S can take, {@link #kept}
     * leaves some out.
     */
    void plan(int bags) {
        rowsOfSite = rowsOfSite(spec, bags);
    }

    static int rowsOfSite(ModelSpec spec, int bags) {
        if (spec.covariance() == ModelSpec.Covariance.LOW_RANK) {
            return Math.max(1, Math.min(LOW_RANK_ROWS, MOST_ROWS / bags));
        }
        return spec.dimension() > SiteTotal.DENSE_AT_MOST ? Math.max(1, MOST_ROWS / bags) : Integer.MAX_VALUE;
    }

    /** Heap that {@link GmilFit} takes for a posterior of this model and the sites of so many bags, about, in bytes. */
    public static double heap(ModelSpec spec, int bags) {
        return SiteTotal.heap(spec, bags);
    }

    /** What to add, and later to take away, for a site that was computed at this mean. */
    Site kept(Site site) {
        return ReducedSite.of(site, rowsOfSite, mean);
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

    /** Takes over the sums of another posterior of the same model, which is not to be used any more. The mean and S stay. */
    public void sumsOf(Posterior other) {
        sum = other.sum;
        labelledBags = other.labelledBags;
    }

    /** tr Σ H. */
    public double trace() {
        double trace = 0;
        for (double of : sum.diagonal()) {
            trace += of;
        }
        return trace;
    }

    /** Forgets mean, S and prior variances but keeps the sums: what sites were computed at comes to count again. */
    public void restart() {
        Arrays.fill(mean, 0);
        for (int h = 1; h < spec.heads(); h++) {
            scatter(h, HEADS + h);
        }
        variances = spec.prior().variances();
        phase = Phase.MEAN_POOLING;
        factor = sum.independent(spec.priorPrecision(variances));
        steps = 0;
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
        return step(Double.POSITIVE_INFINITY);
    }

    /**
     * The same, but not farther than can be.
     *
     * @param farthest √(ΔᵀΛΔ / D) of an undamped step Δ beyond which it is refused
     */
    public Step step(double farthest) {
        int d = mean.length;
        sum = sum.suited(spec);
        double[] prior = spec.priorPrecision(variances);
        Precision precision = sum.precision(prior, variances.noise());
        if (precision == null) {
            return Step.REFUSED;
        }
        double[] next = sum.shift().clone();
        for (int i = 0; i < d; i++) {
            next[i] /= variances.noise();
        }
        precision.solve(next);
        for (int i = 0; i < d; i++) {
            next[i] -= mean[i];
        }
        if (phase == Phase.MEAN_POOLING) {
            // Attention stays where it is, at 0 or where a start has put it.
            Arrays.fill(next, spec.gamma(), spec.beta(), 0);
        }
        double distance = Math.sqrt(precision.squaredNorm(next) / d);
        if (!(distance <= farthest) || !Double.isFinite(distance)) {
            return Step.REFUSED;
        }
        Triangular.axpy(spec.damping(), next, 0, mean, 0, d);
        pathLength += spec.damping() * distance;
        boolean learns = ++steps % BAYES_EVERY == 0;
        factor = spec.covariance() == ModelSpec.Covariance.MEAN_FIELD ? meanField(prior) : precision.covariance(learns);
        if (learns) {
            empiricalBayes();
        }
        return new Step(false, spec.damping() * distance, (1 - spec.damping()) * distance);
    }

    /** The best independent Gaussian under the sites has the mean of the full one and the variances 1/Λ_ii. */
    private WholeFactor meanField(double[] prior) {
        double[] precision = sum.diagonal();
        for (int i = 0; i < precision.length; i++) {
            precision[i] = precision[i] / variances.noise() + prior[i];
        }
        return sum.independent(precision);
    }

    private void empiricalBayes() {
        EmpiricalBayes bayes = new EmpiricalBayes(spec, mean, factor.traces());
        variances = bayes.effects(variances, phase == Phase.SAMPLED);
        if (spec.likelihood() instanceof Normal) {
            variances = EmpiricalBayes.noise(variances, sum.residual(), labelledBags);
        }
    }

    /**
     * Takes the curvature C (D × D) that sites leave out off the precision; the mean stays, and the next step starts from the
     * sites again.
     *
     * @return false where that cannot be done or S is not held as D × D values, and nothing was
     */
    boolean widen(double[] curvature) {
        if (!(factor instanceof DenseFactor dense)) {
            return false;
        }
        double[] widened =
                Widening.of(dense.inverse(), curvature, mean.length, LinearAlgebra.forDimension(mean.length));
        if (widened == null) {
            return false;
        }
        factor = new DenseFactor(spec.blocks(), widened);
        return true;
    }

    /** S ← times · S, until the next step; of a posterior that has been widened. */
    void scale(double times) {
        factor = ((DenseFactor) factor).times(times);
    }

    /** What readers use, small enough to be published; S is that of the last step that was taken. */
    public PosteriorSnapshot snapshot(long generation, long version) {
        return snapshot(
                generation,
                version,
                mean.length <= Factor.EXACT_LIMIT && factor instanceof DenseFactor dense
                        ? dense.packed()
                        : WideFactor.of(factor, spec.seed()));
    }

    /**
     * The same with the whole of S whatever D: for readers in the same process, shared and not copied. A few fixed deviations
     * in its place cost an offline fit accuracy, because its draws are to be fresh in every step.
     */
    public PosteriorSnapshot exactSnapshot(long generation, long version) {
        return snapshot(generation, version, factor);
    }

    /** With S of the sites alone, as it is before {@link #widen}. */
    PosteriorSnapshot ofSites() {
        Precision precision = spec.covariance() == ModelSpec.Covariance.MEAN_FIELD
                ? null
                : sum.precision(spec.priorPrecision(variances), variances.noise());
        return precision == null ? exactSnapshot(0, 0) : snapshot(0, 0, precision.covariance(true));
    }

    private PosteriorSnapshot snapshot(long generation, long version, Factor form) {
        return new PosteriorSnapshot(spec, generation, version, phase, labelledBags, pathLength, variances, mean, form);
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
