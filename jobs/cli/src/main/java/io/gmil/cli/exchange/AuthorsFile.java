package io.gmil.cli.exchange;

import io.gmil.cli.UsageException;
import io.gmil.cli.offline.ModelOutline;
import io.gmil.model.AuthorsParameters;
import io.gmil.model.AuthorsPosterior;
import io.gmil.model.AuthorsScale;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.stream.saved.SavedModel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The tensors of the authors' model, for P outcomes with Q features and K fixed effects; names may have more before them.
 *
 * <pre>
 * alpha (K × P)   log_sigma_u, log_sigma_z (P)   posterior.mu, posterior.cov_logdiag (P × 2Q)
 * posterior.cov_factor (P × 2Q × R)              scale_mean, scale_std (P), of the bag effect over training bags
 * </pre>
 *
 * and what a model of gmil has besides:
 *
 * <pre>
 * gmil.alpha_covariance (K × (K + 2Q))   gmil.feature_mean, gmil.feature_sd (Q)
 * gmil.covariate_mean, gmil.covariate_sd (K − 1)   and the text gmil.model, a model.json
 * </pre>
 */
final class AuthorsFile {

    private static final String MODEL = "gmil.model";

    private final TensorFile file;
    private final int width;
    private final int fixedEffects;
    private final int outcomes;
    private final int outcome;

    /** @param outcome column of P, or −1 for the only one */
    AuthorsFile(TensorFile file, int outcome) {
        this.file = file;
        Tensor mu = file.require("mu");
        if (mu.shape().length != 2 || mu.shape()[0] < 1 || mu.shape()[1] < 2 || mu.shape()[1] % 2 != 0) {
            throw shape("mu", "P × 2Q", mu);
        }
        this.outcomes = mu.shape()[0];
        this.width = mu.shape()[1] / 2;
        Tensor alpha = file.require("alpha");
        if (alpha.shape().length != 2 || alpha.shape()[0] < 1 || alpha.shape()[1] != outcomes) {
            throw shape("alpha", "K × " + outcomes, alpha);
        }
        this.fixedEffects = alpha.shape()[0];
        if (outcome < 0 && outcomes > 1 || outcome >= outcomes) {
            throw new UsageException("--outcome-index: expected 0 to " + (outcomes - 1) + " as there are " + outcomes
                    + " outcomes, got " + (outcome < 0 ? "none" : outcome) + " for " + file.file());
        }
        this.outcome = Math.max(outcome, 0);
    }

    private UsageException shape(String name, String expected, Tensor got) {
        return TensorFile.damaged(file.file(), "tensor '" + name + "'", "shape " + expected, got.shapeText());
    }

    /** Q. */
    int width() {
        return width;
    }

    /** K. */
    int fixedEffects() {
        return fixedEffects;
    }

    /** The outline that a model of gmil has with it. */
    Optional<ModelOutline> outline() {
        try {
            return Optional.ofNullable(file.texts().get(MODEL)).map(ModelOutline::parse);
        } catch (IllegalArgumentException e) {
            throw TensorFile.damaged(file.file(), "text '" + MODEL + "'", "a model of this version", e.getMessage());
        }
    }

    /** @param alphaSd standard deviation of α where the file has none */
    AuthorsParameters parameters(double alphaSd) {
        Tensor factor = file.require("cov_factor");
        int n = 2 * width;
        boolean fits = factor.shape().length == 3 && factor.shape()[0] == outcomes && factor.shape()[1] == n;
        if (!fits || factor.shape()[2] < 1) {
            throw shape("cov_factor", outcomes + " × " + n + " × R", factor);
        }
        double[] alpha = new double[fixedEffects];
        for (int k = 0; k < fixedEffects; k++) {
            alpha[k] = file.require("alpha").values()[k * outcomes + outcome];
        }
        try {
            return new AuthorsParameters(
                    width,
                    fixedEffects,
                    factor.shape()[2],
                    alpha,
                    ofOutcome("log_sigma_u"),
                    ofOutcome("log_sigma_z"),
                    row(file.require("mu"), outcomes),
                    row(factor, outcomes),
                    row(sized("cov_logdiag", outcomes, n), outcomes),
                    file.tensors().containsKey("gmil.alpha_covariance")
                            ? sized("gmil.alpha_covariance", fixedEffects, fixedEffects + n)
                                    .values()
                            : AuthorsParameters.independentAlpha(fixedEffects, width, alphaSd));
        } catch (IllegalArgumentException e) {
            throw TensorFile.damaged(file.file(), "parameters", "those of a model", e.getMessage());
        }
    }

    private Tensor sized(String name, int... shape) {
        Tensor tensor = file.require(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw shape(name, Arrays.toString(shape), tensor);
        }
        return tensor;
    }

    /** The part of this outcome, of a tensor whose first dimension is that of outcomes. */
    private double[] row(Tensor tensor, int outcomes) {
        int length = tensor.values().length / outcomes;
        double[] row = new double[length];
        System.arraycopy(tensor.values(), outcome * length, row, 0, length);
        return row;
    }

    /** A number for each outcome, whatever dimensions of 1 there are besides. */
    private double ofOutcome(String name) {
        Tensor tensor = file.require(name);
        if (tensor.values().length != outcomes) {
            throw shape(name, outcomes + " values", tensor);
        }
        return tensor.values()[outcome];
    }

    /** The scale of the bag effect, where the file has it. */
    Optional<AuthorsScale> scale(AuthorsParameters parameters) {
        if (file.find("scale_mean").isEmpty() && file.find("scale_std").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(AuthorsScale.of(parameters, ofOutcome("scale_mean"), ofOutcome("scale_std")));
        } catch (IllegalArgumentException e) {
            throw TensorFile.damaged(file.file(), "scale_mean and scale_std", "a scale", e.getMessage());
        }
    }

    /** How cells were scaled, where the file has it. */
    Optional<FeatureScaler> features() {
        return file.find("gmil.feature_mean")
                .map(mean -> new FeatureScaler(
                        sized("gmil.feature_mean", width).values(),
                        sized("gmil.feature_sd", width).values()));
    }

    /** How covariates were scaled; not at all where the file does not say. */
    CovariateScaler covariates() {
        int count = fixedEffects - 1;
        if (file.find("gmil.covariate_mean").isPresent()) {
            return new CovariateScaler(
                    sized("gmil.covariate_mean", count).values(),
                    sized("gmil.covariate_sd", count).values());
        }
        double[] sd = new double[count];
        Arrays.fill(sd, 1);
        return new CovariateScaler(new double[count], sd);
    }

    /** The tensors of a model: the authors' for P = 1 with a scale that changes nothing, and gmil's own. */
    static Map<String, Tensor> tensors(SavedModel model) {
        AuthorsParameters p = AuthorsPosterior.parameters(model.posterior());
        int k = p.fixedEffects();
        int n = 2 * p.width();
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("alpha", Tensor.of(p.alpha(), k, 1));
        tensors.put("log_sigma_u", Tensor.of(new double[] {p.logSigmaU()}, 1, 1));
        tensors.put("log_sigma_z", Tensor.of(new double[] {p.logSigmaZ()}, 1, 1));
        tensors.put("posterior.mu", Tensor.of(p.mu(), 1, n));
        tensors.put("posterior.cov_factor", Tensor.of(p.covFactor(), 1, n, p.rank()));
        tensors.put("posterior.cov_logdiag", Tensor.of(p.covLogdiag(), 1, n));
        tensors.put("scale_mean", Tensor.of(new double[] {0}, 1, 1));
        tensors.put("scale_std", Tensor.of(new double[] {1}, 1, 1));
        tensors.put("gmil.alpha_covariance", Tensor.of(p.alphaCovariance(), k, k + n));
        tensors.put("gmil.feature_mean", Tensor.of(model.featureScaler().mean(), p.width()));
        tensors.put("gmil.feature_sd", Tensor.of(model.featureScaler().sd(), p.width()));
        tensors.put("gmil.covariate_mean", Tensor.of(model.covariateScaler().mean(), k - 1));
        tensors.put("gmil.covariate_sd", Tensor.of(model.covariateScaler().sd(), k - 1));
        return tensors;
    }

    /** The texts of a model. */
    static Map<String, String> texts(SavedModel model) {
        return Map.of(MODEL, ModelOutline.of(model).json());
    }
}
