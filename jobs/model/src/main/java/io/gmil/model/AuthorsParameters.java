package io.gmil.model;

import java.util.List;

/**
 * The trained parameters of one outcome as the authors' code keeps them: (γ, z) ~ N(μ, W Wᵀ + diag(exp(d))), attention
 * softmax(x·γ), instance effects z; α is a point. The order of μ is γ, z.
 *
 * <p>The covariance of α is not theirs; it is 0 but for a little in what they train, and whole in what is exported from
 * here, so that nothing is lost.
 *
 * @param width Q
 * @param fixedEffects K, the first being the intercept
 * @param rank R; 1 with W = 0 is their mean-field
 * @param alpha α (K)
 * @param logSigmaU log σ_γ
 * @param logSigmaZ log σ_z
 * @param mu μ (2Q)
 * @param covFactor W (2Q × R)
 * @param covLogdiag d (2Q); −∞ is no variance of its own
 * @param alphaCovariance rows of α of the covariance of (α, γ, z) (K × (K + 2Q))
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record AuthorsParameters(
        int width,
        int fixedEffects,
        int rank,
        double[] alpha,
        double logSigmaU,
        double logSigmaZ,
        double[] mu,
        double[] covFactor,
        double[] covLogdiag,
        double[] alphaCovariance) {
    public AuthorsParameters {
        if (width < 1 || fixedEffects < 1 || rank < 1) {
            throw new IllegalArgumentException(
                    "parameters: expected Q, K and R of at least 1, got " + width + ", " + fixedEffects + ", " + rank);
        }
        require("alpha", alpha, fixedEffects, false);
        require("log_sigma_u", new double[] {logSigmaU}, 1, false);
        require("log_sigma_z", new double[] {logSigmaZ}, 1, false);
        require("mu", mu, 2 * width, false);
        require("cov_factor", covFactor, 2 * width * rank, false);
        require("cov_logdiag", covLogdiag, 2 * width, true);
        require("alpha_covariance", alphaCovariance, fixedEffects * (fixedEffects + 2 * width), false);
    }

    private static void require(String name, double[] values, int expected, boolean maybeNothing) {
        if (values.length != expected) {
            throw new IllegalArgumentException(name + ": expected " + expected + " values, got " + values.length);
        }
        for (int i = 0; i < expected; i++) {
            if (!Double.isFinite(values[i]) && !(maybeNothing && values[i] == Double.NEGATIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        name + ": expected finite values, got " + values[i] + " at index " + i);
            }
        }
    }

    /** α independent of all else, with this standard deviation. */
    public static double[] independentAlpha(int fixedEffects, int width, double sd) {
        double[] rows = new double[fixedEffects * (fixedEffects + 2 * width)];
        for (int k = 0; k < fixedEffects; k++) {
            rows[k * (fixedEffects + 2 * width) + k] = sd * sd;
        }
        return rows;
    }

    /** Whether γ and z are independent, component by component. */
    public boolean meanField() {
        if (rank > 1) {
            return false;
        }
        for (double value : covFactor) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    /** A binomial model that would learn on from here: its prior has the authors' variances, β = z / sd of the scale. */
    public ModelSpec spec(int trials, AuthorsScale scale) {
        return spec(new Binomial(trials), List.of(this), List.of(scale));
    }

    /** The same of an outcome of several classes, with one prior for all: the geometric mean of the authors' variances. */
    public static ModelSpec spec(Likelihood likelihood, List<AuthorsParameters> classes, List<AuthorsScale> scales) {
        AuthorsParameters first = classes.get(0);
        ModelSpec usual = ModelSpec.of(likelihood, new ModelSpec.Shape(first.width, first.fixedEffects, 0, 1));
        ModelSpec.Prior prior = usual.prior();
        double gamma = 0;
        double beta = 0;
        for (int c = 0; c < classes.size(); c++) {
            gamma += classes.get(c).logSigmaU / classes.size();
            beta += (classes.get(c).logSigmaZ - Math.log(scales.get(c).sd())) / classes.size();
        }
        boolean meanField = classes.stream().allMatch(AuthorsParameters::meanField);
        return usual.with(meanField ? ModelSpec.Covariance.MEAN_FIELD : ModelSpec.Covariance.FULL)
                .with(new ModelSpec.Prior(
                        Math.exp(2 * gamma),
                        Math.exp(2 * beta),
                        prior.sigma2Intercept(),
                        prior.hyperStrength(),
                        prior.effects()));
    }

    /** σ_γ². */
    double sigma2Gamma() {
        return Math.exp(2 * logSigmaU);
    }

    /** σ_β² = σ_z² / sd². */
    double sigma2Beta(AuthorsScale scale) {
        return Math.exp(2 * logSigmaZ) / (scale.sd() * scale.sd());
    }

    /** z (Q) at the mean. */
    double[] instanceEffects() {
        double[] z = new double[width];
        System.arraycopy(mu, width, z, 0, width);
        return z;
    }

    /** b = √(mean z²), the scale they take out of z before they standardise and put back after it. */
    double rootMeanSquare() {
        double[] z = instanceEffects();
        return Math.sqrt(Triangular.dot(z, 0, z, 0, width) / width);
    }

    /** The covariance of (α, γ, z) (D × D, D = K + 2Q), the lower triangle. */
    double[] covariance() {
        int d = fixedEffects + 2 * width;
        double[] s = new double[d * d];
        for (int k = 0; k < fixedEffects; k++) {
            for (int j = 0; j < d; j++) {
                s[Math.max(j, k) * d + Math.min(j, k)] = alphaCovariance[k * d + j];
            }
        }
        for (int i = 0; i < 2 * width; i++) {
            int row = (fixedEffects + i) * d + fixedEffects;
            for (int j = 0; j <= i; j++) {
                s[row + j] = Triangular.dot(covFactor, i * rank, covFactor, j * rank, rank);
            }
            s[row + i] += Math.exp(covLogdiag[i]);
        }
        return s;
    }
}
