package io.gmil.model;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The authors' parameters as a {@link Posterior} without sites, and the way back.
 *
 * <p>Mean and S are theirs, with β = z / sd of {@link AuthorsScale}. So that learning may go on, the sums of sites are
 * what these would have to be: Σ H = S⁻¹ − Λ₀, r = Λ m. In directions in which S is wider than the prior no sites could
 * have made it; there Σ H is 0, and the first step that is taken narrows S to the prior.
 *
 * @param widerThanPrior in how many of D directions
 */
public record AuthorsPosterior(Posterior posterior, int widerThanPrior) {
    /** Of the prior's precision; below it is rounding. */
    private static final double WIDER = 1e-6;

    /** Matrices (D × D) that are there at once, at most, on the way in. */
    private static final int MATRICES_IN = 9;

    /** The same on the way out, and those of each posterior: its own, its parameters, and what is made of them. */
    private static final int MATRICES_OUT = 2;

    private static final int MATRICES_KEPT = 4;

    /** Share of each variance that goes into d at first: their density needs some, however little. */
    private static final double OWN_SHARE = 1e-4;

    /**
     * The posterior.
     *
     * @param spec of the same Q and K
     * @param phase it has reached
     * @param labelledBags it has learnt; 0 where nobody knows
     * @throws IllegalArgumentException if the covariance is not positive definite
     */
    public static AuthorsPosterior of(
            AuthorsParameters parameters, AuthorsScale scale, ModelSpec spec, Phase phase, int labelledBags) {
        return of(parameters, scale, spec, phase, labelledBags, 1);
    }

    /**
     * The same with the σ² of a Normal outcome.
     *
     * @param noise σ²; 1 for all others
     */
    public static AuthorsPosterior of(
            AuthorsParameters parameters,
            AuthorsScale scale,
            ModelSpec spec,
            Phase phase,
            int labelledBags,
            double noise) {
        if (spec.width() != parameters.width() || spec.fixedEffects() != parameters.fixedEffects()) {
            throw new IllegalArgumentException("parameters: expected Q " + spec.width() + " and K "
                    + spec.fixedEffects() + " of the model, got " + parameters.width() + " and "
                    + parameters.fixedEffects());
        }
        requirePlain(spec);
        int d = spec.dimension();
        SiteSum sum = new SiteSum(spec.blocks(), LinearAlgebra.forDimension(d)); // theirs is D × D whatever D
        Posterior posterior = new Posterior(spec, sum);
        posterior.phase(phase);
        posterior.labelledBags = labelledBags;
        posterior.variances = new Variances(
                parameters.sigma2Gamma(),
                parameters.sigma2Beta(scale),
                spec.prior().sigma2Intercept(),
                noise);
        sum.residual(noise * labelledBags); // what makes σ² stay where it is
        int width = spec.width();
        System.arraycopy(parameters.alpha(), 0, posterior.mean, 0, spec.fixedEffects());
        posterior.mean[0] -= scale.rest() / scale.sd();
        System.arraycopy(parameters.mu(), 0, posterior.mean, spec.gamma(), 2 * width);
        double[] s = parameters.covariance();
        for (int i = spec.beta(); i < d; i++) {
            posterior.mean[i] /= scale.sd();
            for (int j = 0; j <= i; j++) {
                s[i * d + j] /= j < spec.beta() ? scale.sd() : scale.sd() * scale.sd();
            }
        }
        return new AuthorsPosterior(posterior, fill(posterior, sum, s));
    }

    private static void requirePlain(ModelSpec spec) {
        if (spec.heads() > 1 || spec.linear() > spec.fixedEffects()) {
            throw new IllegalArgumentException(
                    "parameters: expected a model with one head and no random intercepts, got " + spec.heads()
                            + " heads and " + (spec.linear() - spec.fixedEffects()) + " random intercepts");
        }
    }

    /** Heap that {@link #of} takes for so many posteriors of D parameters, about, in bytes. */
    public static double heapIn(int dimension, int posteriors) {
        return (double) Double.BYTES * dimension * dimension * (MATRICES_IN + MATRICES_KEPT * (posteriors - 1));
    }

    /** Heap that {@link #parameters} of all these takes, and a file of them, about, in bytes. */
    public static double heapOut(List<Posterior> posteriors) {
        double d = posteriors.get(0).spec.dimension();
        boolean diagonal = posteriors.stream().allMatch(posterior -> posterior.factor instanceof DiagonalFactor);
        return Double.BYTES * d * (diagonal ? 1 : d) * (MATRICES_OUT + MATRICES_KEPT * posteriors.size());
    }

    private static int fill(Posterior posterior, SiteSum sum, double[] s) {
        int d = posterior.mean.length;
        LinearAlgebra algebra = LinearAlgebra.forDimension(d);
        double[] inverse = new double[d * d];
        if (!factorise(s, d, inverse, algebra)) {
            throw new IllegalArgumentException("parameters: expected a positive definite covariance");
        }
        posterior.factor = new DenseFactor(posterior.spec.blocks(), inverse);
        double[] l = inverse.clone();
        algebra.invertLower(l, d);
        double[] precision = new double[d * d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                precision[i * d + j] = Triangular.dot(l, i * d, l, j * d, j + 1);
            }
        }
        double[] prior = posterior.spec.priorPrecision(posterior.variances);
        double[] sites = sum.precision();
        int wider = lessPrior(precision, prior, algebra, sites);
        double[] shift = sum.shift();
        double noise = posterior.variances.noise(); // the sums of a Normal outcome are in units of σ²
        for (int i = 0; i < d; i++) {
            shift[i] = noise * prior[i] * posterior.mean[i];
            for (int j = 0; j <= i; j++) {
                sites[i * d + j] *= noise;
            }
        }
        for (int i = 0; i < d; i++) {
            for (int j = 0; j < i; j++) {
                shift[i] += sites[i * d + j] * posterior.mean[j];
                shift[j] += sites[i * d + j] * posterior.mean[i];
            }
            shift[i] += sites[i * d + i] * posterior.mean[i];
        }
        return wider;
    }

    /**
     * The R of S = Rᵀ R, which is L⁻¹ of Λ = L Lᵀ, without an inverse: the Cholesky factor of S with its order reversed.
     */
    private static boolean factorise(double[] s, int d, double[] r, LinearAlgebra algebra) {
        double[] reversed = new double[d * d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                reversed[(d - 1 - j) * d + d - 1 - i] = s[i * d + j];
            }
        }
        if (!algebra.cholesky(reversed, d)) {
            return false;
        }
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                r[i * d + j] = reversed[(d - 1 - j) * d + d - 1 - i];
            }
        }
        return true;
    }

    /** Writes Λ − Λ₀ without its negative directions (lower triangle); returns how many those were. */
    private static int lessPrior(double[] precision, double[] prior, LinearAlgebra algebra, double[] out) {
        int d = prior.length;
        DMatrixRMaj share = new DMatrixRMaj(d, d); // in units of the prior
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                out[i * d + j] = precision[i * d + j] - (i == j ? prior[i] : 0);
                share.data[i * d + j] = out[i * d + j] / Math.sqrt(prior[i] * prior[j]);
                share.data[j * d + i] = share.data[i * d + j];
            }
        }
        if (algebra.cholesky(share.data.clone(), d)) {
            return 0;
        }
        EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(d, true, true);
        if (!eigen.decompose(share)) {
            throw new IllegalArgumentException("parameters: expected a covariance with eigenvalues, found none");
        }
        int wider = 0;
        for (int k = 0; k < d; k++) {
            double value = eigen.getEigenvalue(k).getReal();
            if (value >= 0) {
                continue;
            }
            wider += value < -WIDER ? 1 : 0;
            double[] vector = eigen.getEigenVector(k).data;
            for (int i = 0; i < d; i++) {
                for (int j = 0; j <= i; j++) {
                    out[i * d + j] -= value * vector[i] * vector[j] * Math.sqrt(prior[i] * prior[j]);
                }
            }
        }
        return wider;
    }

    /** Mean and S of a posterior as the authors' parameters, unscaled: z = β, with {@link AuthorsScale#none}. */
    public static AuthorsParameters parameters(Posterior posterior) {
        ModelSpec spec = posterior.spec;
        requirePlain(spec);
        int d = spec.dimension();
        int k = spec.fixedEffects();
        int n = d - k;
        double[] logdiag = new double[n];
        if (posterior.factor instanceof DiagonalFactor diagonal) {
            double[] alpha = new double[k * d];
            for (int i = 0; i < d; i++) {
                double variance = diagonal.deviations()[i] * diagonal.deviations()[i];
                if (i < k) {
                    alpha[i * d + i] = variance;
                } else {
                    logdiag[i - k] = Math.log(variance);
                }
            }
            return parameters(posterior, new double[n], logdiag, alpha);
        }
        double[] s = posterior.factor.covariance();
        double[] c = new double[n * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(s, (i + k) * d + k, c, i * n, n);
            logdiag[i] = Math.log(c[i * n + i]);
        }
        boolean meanField = spec.covariance() == ModelSpec.Covariance.MEAN_FIELD;
        double[] factor = meanField ? new double[n] : factor(c, n, logdiag, LinearAlgebra.forDimension(n));
        return parameters(posterior, factor, logdiag, Arrays.copyOf(s, k * d));
    }

    private static AuthorsParameters parameters(
            Posterior posterior, double[] factor, double[] logdiag, double[] alphaCovariance) {
        ModelSpec spec = posterior.spec;
        int k = spec.fixedEffects();
        return new AuthorsParameters(
                spec.width(),
                k,
                factor.length / logdiag.length,
                Arrays.copyOf(posterior.mean, k),
                Math.log(posterior.sigma2Gamma()) / 2,
                Math.log(posterior.sigma2Beta()) / 2,
                Arrays.copyOfRange(posterior.mean, k, spec.dimension()),
                factor,
                logdiag,
                alphaCovariance);
    }

    /** The lower triangular W of C = W Wᵀ + diag(exp(d)); lowers d until there is one. */
    private static double[] factor(double[] c, int n, double[] logdiag, LinearAlgebra algebra) {
        for (double share = OWN_SHARE; share > 1e-14; share /= 10) {
            double[] w = c.clone();
            double[] d = logdiag.clone();
            for (int i = 0; i < n; i++) {
                d[i] += Math.log(share);
                w[i * n + i] -= Math.exp(d[i]);
            }
            if (algebra.cholesky(w, n)) {
                System.arraycopy(d, 0, logdiag, 0, n);
                for (int i = 0; i < n; i++) {
                    Arrays.fill(w, i * n + i + 1, (i + 1) * n, 0);
                }
                return w;
            }
        }
        throw new IllegalArgumentException("posterior: expected a positive definite covariance");
    }
}
