package io.gmil.model;

import java.util.Arrays;

/**
 * What fixes one q(θ), that of an outcome or of one of its classes: θ = (α (K), b (R), γ_1 … γ_H (Q each), β_1 … β_H (Q
 * each)), D = K + R + 2 H Q and η = f·(α, b) + Σ_h u_h.
 *
 * @param likelihood of the outcome
 * @param shape Q, K, R and H
 * @param prior of θ
 * @param covariance of q
 * @param damping ρ of m ← m + ρ(Λ⁻¹r − m); undamped steps diverge
 * @param draws S, even
 * @param seed of the base noise
 */
public record ModelSpec(
        Likelihood likelihood, Shape shape, Prior prior, Covariance covariance, double damping, int draws, long seed) {
    private static final double FIXED_PRECISION = 1e-2;

    /** Of a flat prior: a variance of 1000, where the centre of the random effects' is .5 and 10. */
    private static final double FLAT_PRECISION = 1e-3;

    /** The form of S. */
    public enum Covariance {
        /**
         * The whole of S, in the form that fits: D × D values up to D = 2048; above that by the rows of the sites, which gives
         * the same, until those are more than D. Above D = 4096 offline fits keep sites in fewer rows where there would be
         * more than {@value Posterior#MOST_ROWS} in all.
         */
        FULL,
        /** Independent components: the variances are those given all others. */
        MEAN_FIELD,
        /**
         * The prior covariance less a part of low rank: by the rows of the sites whatever D, in offline fits no more than
         * {@value Posterior#LOW_RANK_ROWS} of each, the rest of its curvature left out. The faster one for wide embeddings.
         */
        LOW_RANK
    }

    /** What is known of γ and β before. */
    public enum Effects {
        /** Gaussian with variances learnt by empirical Bayes. */
        RANDOM,
        /** A flat prior, for comparison: nothing is shrunk. */
        FIXED
    }

    /**
     * Sizes of θ.
     *
     * @param width Q
     * @param fixedEffects K, the intercept included
     * @param randomIntercepts R, levels of a grouping such as sequencing batch or site; 0 for none
     * @param heads H, each with its own γ and β, effects added up; 1 is the model of the paper
     */
    public record Shape(int width, int fixedEffects, int randomIntercepts, int heads) {
        public Shape {
            require(width >= 1, "width", ">= 1", width);
            require(fixedEffects >= 1, "fixedEffects", ">= 1", fixedEffects);
            require(randomIntercepts >= 0, "randomIntercepts", ">= 0", randomIntercepts);
            require(heads >= 1, "heads", ">= 1", heads);
        }
    }

    /**
     * γ ~ N(0, σ_γ² I), β ~ N(0, σ_β² I), b ~ N(0, σ_b² I), with an inverse-gamma hyperprior on each variance.
     *
     * @param sigma2Gamma σ_γ² at the start, and centre of its hyperprior
     * @param sigma2Beta the same of β
     * @param sigma2Intercept the same of b
     * @param hyperStrength ν; without it σ_γ² collapses on small cohorts
     * @param effects whether γ and β have a prior to be learnt
     */
    public record Prior(
            double sigma2Gamma, double sigma2Beta, double sigma2Intercept, double hyperStrength, Effects effects) {
        public Prior {
            require(sigma2Gamma > 0 && Double.isFinite(sigma2Gamma), "sigma2Gamma", "> 0", sigma2Gamma);
            require(sigma2Beta > 0 && Double.isFinite(sigma2Beta), "sigma2Beta", "> 0", sigma2Beta);
            require(sigma2Intercept > 0 && Double.isFinite(sigma2Intercept), "sigma2Intercept", "> 0", sigma2Intercept);
            require(hyperStrength >= 0 && Double.isFinite(hyperStrength), "hyperStrength", ">= 0", hyperStrength);
        }

        /** That of the reference: σ_γ² .5, σ_β² 10, ν 10; and σ_b² .25. */
        public static Prior standard() {
            return new Prior(0.5, 10, 0.25, 10, Effects.RANDOM);
        }

        Variances variances() {
            return new Variances(sigma2Gamma, sigma2Beta, sigma2Intercept, 1);
        }
    }

    public ModelSpec {
        require(damping > 0 && damping <= 1, "damping", "in (0, 1]", damping);
        require(draws >= 2 && draws <= 64 && draws % 2 == 0, "draws", "even, 2 to 64", draws);
    }

    private static void require(boolean holds, String name, String expected, double got) {
        if (!holds) {
            throw new IllegalArgumentException("model " + name + ": expected " + expected + ", got " + got);
        }
    }

    /** With the defaults of the reference: its prior, full covariance, ρ .2, 8 draws, seed 0. */
    public static ModelSpec of(Likelihood likelihood, Shape shape) {
        return new ModelSpec(likelihood, shape, Prior.standard(), Covariance.FULL, 0.2, 8, 0);
    }

    /** The model of the paper for counts. */
    public static ModelSpec binomial(int trials, int width, int fixedEffects) {
        return of(new Binomial(trials), new Shape(width, fixedEffects, 0, 1));
    }

    public ModelSpec withSeed(long newSeed) {
        return new ModelSpec(likelihood, shape, prior, covariance, damping, draws, newSeed);
    }

    public ModelSpec withDamping(double newDamping) {
        return new ModelSpec(likelihood, shape, prior, covariance, newDamping, draws, seed);
    }

    public ModelSpec with(Covariance newCovariance) {
        return new ModelSpec(likelihood, shape, prior, newCovariance, damping, draws, seed);
    }

    public ModelSpec with(Prior newPrior) {
        return new ModelSpec(likelihood, shape, newPrior, covariance, damping, draws, seed);
    }

    public ModelSpec with(Effects effects) {
        return with(
                new Prior(prior.sigma2Gamma, prior.sigma2Beta, prior.sigma2Intercept, prior.hyperStrength, effects));
    }

    /** Q. */
    public int width() {
        return shape.width;
    }

    /** K. */
    public int fixedEffects() {
        return shape.fixedEffects;
    }

    /** H. */
    public int heads() {
        return shape.heads;
    }

    /** K + R, the width of f. */
    public int linear() {
        return shape.fixedEffects + shape.randomIntercepts;
    }

    /** D = K + R + 2 H Q. */
    public int dimension() {
        return linear() + 2 * effects();
    }

    /** Where fixed effects, random intercepts, γ and β begin in θ, and D. */
    int[] blocks() {
        return new int[] {0, fixedEffects(), gamma(), beta(), dimension()};
    }

    /** H Q, the components of γ, and of β. */
    int effects() {
        return shape.heads * shape.width;
    }

    /** Index of γ_1 in θ. */
    int gamma() {
        return linear();
    }

    /** Index of β_1 in θ. */
    int beta() {
        return linear() + effects();
    }

    /** Index of γ of a head in θ. */
    int gamma(int head) {
        return gamma() + head * shape.width;
    }

    /** Index of β of a head in θ. */
    int beta(int head) {
        return beta() + head * shape.width;
    }

    /** The diagonal of Λ₀ (D) at these prior variances. */
    double[] priorPrecision(Variances at) {
        double[] precision = new double[dimension()];
        boolean flat = prior.effects == Effects.FIXED;
        Arrays.fill(precision, 0, fixedEffects(), FIXED_PRECISION);
        Arrays.fill(precision, fixedEffects(), linear(), 1 / at.intercept());
        Arrays.fill(precision, gamma(), beta(), flat ? FLAT_PRECISION : 1 / at.gamma());
        Arrays.fill(precision, beta(), precision.length, flat ? FLAT_PRECISION : 1 / at.beta());
        return precision;
    }
}
