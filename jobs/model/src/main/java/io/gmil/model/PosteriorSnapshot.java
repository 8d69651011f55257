package io.gmil.model;

/**
 * One published version of q(θ) = N(m, S): what learners linearise at and predictors read. Immutable.
 *
 * <p>Version 0 of generation 0 is the prior, known to everyone without a message.
 */
public final class PosteriorSnapshot {
    private final ModelSpec spec;
    private final long generation;
    private final long version;
    private final Phase phase;
    private final int labelledBags;
    private final double pathLength;
    private final Variances variances;
    private final double[] mean;
    private final Factor factor;

    /** A snapshot from its parts; the mean is copied, the arrays of the factor are not. */
    public PosteriorSnapshot(
            ModelSpec spec,
            long generation,
            long version,
            Phase phase,
            int labelledBags,
            double pathLength,
            Variances variances,
            double[] mean,
            Factor factor) {
        if (mean.length != spec.dimension() || factor.dimension() != spec.dimension()) {
            throw new IllegalArgumentException("posterior: expected dimension " + spec.dimension()
                    + " of the model, got mean " + mean.length + ", factor " + factor.dimension());
        }
        this.spec = spec;
        this.generation = generation;
        this.version = version;
        this.phase = phase;
        this.labelledBags = labelledBags;
        this.pathLength = pathLength;
        this.variances = variances;
        this.mean = mean.clone();
        this.factor = factor;
    }

    /** N(0, Λ₀⁻¹). */
    public static PosteriorSnapshot prior(ModelSpec spec) {
        int d = spec.dimension();
        double[] precision = spec.priorPrecision(spec.prior().variances());
        Factor factor;
        if (d > Factor.EXACT_LIMIT) {
            factor = WideFactor.ofDiagonal(precision, spec.seed());
        } else {
            double[] packed = new double[d * (d + 1) / 2];
            for (int i = 0, row = 0; i < d; row += ++i) {
                packed[row + i] = 1 / Math.sqrt(precision[i]);
            }
            factor = Factor.exact(d, packed);
        }
        return new PosteriorSnapshot(
                spec, 0, 0, Phase.MEAN_POOLING, 0, 0, spec.prior().variances(), new double[d], factor);
    }

    public ModelSpec spec() {
        return spec;
    }

    /** The same q(θ), at which sites are computed as in another phase. */
    public PosteriorSnapshot withPhase(Phase other) {
        return new PosteriorSnapshot(
                spec, generation, version, other, labelledBags, pathLength, variances, mean, factor);
    }

    /** Rises with every restore; a version is (generation, number). */
    public long generation() {
        return generation;
    }

    public long version() {
        return version;
    }

    public Phase phase() {
        return phase;
    }

    public int labelledBags() {
        return labelledBags;
    }

    /** How far m has moved so far, in posterior standard deviations: a site's age is the difference of two of these. */
    public double pathLength() {
        return pathLength;
    }

    /** As learnt so far. */
    public Variances variances() {
        return variances;
    }

    /** m (D), a copy. */
    public double[] mean() {
        return mean.clone();
    }

    /** m (D), shared; not to be written. */
    double[] sharedMean() {
        return mean;
    }

    public Factor factor() {
        return factor;
    }

    /** JᵀSJ. */
    public double variance(double[] jacobian) {
        if (jacobian.length != mean.length) {
            throw new IllegalArgumentException(
                    "gradient: expected dimension " + mean.length + ", got " + jacobian.length);
        }
        return factor.variance(jacobian);
    }

    /** The same for many J. */
    QuadraticForm quadraticForm() {
        return factor.quadraticForm();
    }

    /** Antithetic draws of θ (S × D), see {@link Factor#draws}. */
    public double[] draws(long noiseSeed) {
        double[] out = new double[spec.draws() * mean.length];
        factor.draws(spec, noiseSeed, mean, out);
        return out;
    }
}
