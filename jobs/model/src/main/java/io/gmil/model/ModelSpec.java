package io.gmil.model;

import java.util.Arrays;

/**
 * What fixes one model: y ~ Binomial(n, σ(η)), θ = (α (K), γ (Q), β (Q)), D = K + 2Q.
 *
 * @param trials n; 1 is Bernoulli
 * @param width Q
 * @param fixedEffects K, the intercept included
 * @param sigma2Gamma prior variance of γ at the start, and centre of its hyperprior
 * @param sigma2Beta the same of β
 * @param hyperStrength ν of the inverse-gamma hyperprior; without it σ_γ² collapses on small cohorts
 * @param damping ρ of m ← m + ρ(Λ⁻¹r − m); undamped steps diverge
 * @param draws S, even
 * @param seed of the base noise
 * @param covariance of q
 * @param effects whether γ and β have a prior to be learnt
 */
public record ModelSpec(
        int trials,
        int width,
        int fixedEffects,
        double sigma2Gamma,
        double sigma2Beta,
        double hyperStrength,
        double damping,
        int draws,
        long seed,
        Covariance covariance,
        Effects effects) {
    private static final double FIXED_PRECISION = 1e-2;

    /** Of a flat prior: a variance of 1000, where the centre of the random effects' is .5 and 10. */
    private static final double FLAT_PRECISION = 1e-3;

    /** The form of S. */
    public enum Covariance {
        FULL,
        /** Independent components: the variances are those given all others. */
        MEAN_FIELD
    }

    /** What is known of γ and β before. */
    public enum Effects {
        /** Gaussian with variances learnt by empirical Bayes. */
        RANDOM,
        /** A flat prior, for comparison: nothing is shrunk. */
        FIXED
    }

    public ModelSpec {
        require(trials >= 1, "trials", ">= 1", trials);
        require(width >= 1, "width", ">= 1", width);
        require(fixedEffects >= 1, "fixedEffects", ">= 1", fixedEffects);
        require(sigma2Gamma > 0 && Double.isFinite(sigma2Gamma), "sigma2Gamma", "> 0", sigma2Gamma);
        require(sigma2Beta > 0 && Double.isFinite(sigma2Beta), "sigma2Beta", "> 0", sigma2Beta);
        require(hyperStrength >= 0 && Double.isFinite(hyperStrength), "hyperStrength", ">= 0", hyperStrength);
        require(damping > 0 && damping <= 1, "damping", "in (0, 1]", damping);
        require(draws >= 2 && draws <= 64 && draws % 2 == 0, "draws", "even, 2 to 64", draws);
    }

    private static void require(boolean holds, String name, String expected, double got) {
        if (!holds) {
            throw new IllegalArgumentException("model " + name + ": expected " + expected + ", got " + got);
        }
    }

    /** The defaults of the reference: σ_γ² .5, σ_β² 10, ν 10, ρ .2, 8 draws, seed 0. */
    public static ModelSpec binomial(int trials, int width, int fixedEffects) {
        return new ModelSpec(trials, width, fixedEffects, 0.5, 10, 10, 0.2, 8, 0, Covariance.FULL, Effects.RANDOM);
    }

    public ModelSpec withSeed(long newSeed) {
        return copy(damping, newSeed, covariance, effects);
    }

    public ModelSpec withDamping(double newDamping) {
        return copy(newDamping, seed, covariance, effects);
    }

    public ModelSpec with(Covariance newCovariance) {
        return copy(damping, seed, newCovariance, effects);
    }

    public ModelSpec with(Effects newEffects) {
        return copy(damping, seed, covariance, newEffects);
    }

    private ModelSpec copy(double newDamping, long newSeed, Covariance newCovariance, Effects newEffects) {
        return new ModelSpec(
                trials,
                width,
                fixedEffects,
                sigma2Gamma,
                sigma2Beta,
                hyperStrength,
                newDamping,
                draws,
                newSeed,
                newCovariance,
                newEffects);
    }

    /** D = K + 2Q. */
    public int dimension() {
        return fixedEffects + 2 * width;
    }

    /** Index of γ in θ. */
    int gamma() {
        return fixedEffects;
    }

    /** Index of β in θ. */
    int beta() {
        return fixedEffects + width;
    }

    /** The diagonal of Λ₀ (D) at these prior variances. */
    double[] priorPrecision(double atSigma2Gamma, double atSigma2Beta) {
        double[] precision = new double[dimension()];
        Arrays.fill(precision, 0, gamma(), FIXED_PRECISION);
        boolean flat = effects == Effects.FIXED;
        Arrays.fill(precision, gamma(), beta(), flat ? FLAT_PRECISION : 1 / atSigma2Gamma);
        Arrays.fill(precision, beta(), precision.length, flat ? FLAT_PRECISION : 1 / atSigma2Beta);
        return precision;
    }
}
