package io.gmil.cli.exchange;

import io.gmil.cli.UsageException;
import io.gmil.cli.offline.ModelOutline;
import io.gmil.model.AuthorsParameters;
import io.gmil.model.AuthorsPosterior;
import io.gmil.model.AuthorsScale;
import io.gmil.model.CovariateScaler;
import io.gmil.model.FeatureScaler;
import io.gmil.model.Posterior;
import io.gmil.stream.saved.SavedModel;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * The tensors of the authors' model, for P outcomes, or classes of one, with Q features and K fixed effects; names may have
 * more before them.
 *
 * <pre>
 * alpha (K × P)   log_sigma_u, log_sigma_z (P)   posterior.mu, posterior.cov_logdiag (P × 2Q)
 * posterior.cov_factor (P × 2Q × R)              scale_mean, scale_std (P), of the bag effect over training bags
 * </pre>
 *
 * and what a model of gmil has besides:
 *
 * <pre>
 * gmil.alpha_covariance (P × K × (K + 2Q))   gmil.feature_mean, gmil.feature_sd (Q)
 * gmil.covariate_mean, gmil.covariate_sd (K − 1)   and the text gmil.model, a model.json
 * </pre>
 *
 * <p>P goes through all outcomes in order, and through the classes of each.
 */
final class AuthorsFile {

    private static final String MODEL = "gmil.model";

    private final TensorFile file;
    private final int width;
    private final int fixedEffects;
    private final int columns;

    AuthorsFile(TensorFile file) {
        this.file = file;
        Tensor mu = file.require("mu");
        if (mu.shape().length != 2 || mu.shape()[0] < 1 || mu.shape()[1] < 2 || mu.shape()[1] % 2 != 0) {
            throw shape("mu", "P × 2Q", mu);
        }
        this.columns = mu.shape()[0];
        this.width = mu.shape()[1] / 2;
        Tensor alpha = file.require("alpha");
        if (alpha.shape().length != 2 || alpha.shape()[0] < 1 || alpha.shape()[1] != columns) {
            throw shape("alpha", "K × " + columns, alpha);
        }
        this.fixedEffects = alpha.shape()[0];
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

    /** P. */
    int columns() {
        return columns;
    }

    /** The outline that a model of gmil has with it. */
    Optional<ModelOutline> outline() {
        try {
            return Optional.ofNullable(file.texts().get(MODEL)).map(ModelOutline::parse);
        } catch (IllegalArgumentException e) {
            throw TensorFile.damaged(file.file(), "text '" + MODEL + "'", "a model of this version", e.getMessage());
        }
    }

    /**
     * Of an outcome or a class.
     *
     * @param column of P
     * @param alphaSd standard deviation of α where the file has none
     */
    AuthorsParameters parameters(int column, double alphaSd) {
        Tensor factor = file.require("cov_factor");
        int n = 2 * width;
        boolean fits = factor.shape().length == 3 && factor.shape()[0] == columns && factor.shape()[1] == n;
        if (!fits || factor.shape()[2] < 1) {
            throw shape("cov_factor", columns + " × " + n + " × R", factor);
        }
        double[] alpha = new double[fixedEffects];
        for (int k = 0; k < fixedEffects; k++) {
            alpha[k] = file.require("alpha").values()[k * columns + column];
        }
        try {
            return new AuthorsParameters(
                    width,
                    fixedEffects,
                    factor.shape()[2],
                    alpha,
                    number("log_sigma_u", column),
                    number("log_sigma_z", column),
                    part(file.require("mu"), column),
                    part(factor, column),
                    part(sized("cov_logdiag", columns, n), column),
                    alphaCovariance(column, alphaSd));
        } catch (IllegalArgumentException e) {
            throw TensorFile.damaged(file.file(), "parameters", "those of a model", e.getMessage());
        }
    }

    /** Files of one column had no dimension for it. */
    private double[] alphaCovariance(int column, double alphaSd) {
        Tensor rows = file.tensors().get("gmil.alpha_covariance");
        if (rows == null) {
            return AuthorsParameters.independentAlpha(fixedEffects, width, alphaSd);
        }
        int d = fixedEffects + 2 * width;
        boolean one = columns == 1 && Arrays.equals(rows.shape(), new int[] {fixedEffects, d});
        return part(one ? rows : sized("gmil.alpha_covariance", columns, fixedEffects, d), column);
    }

    private Tensor sized(String name, int... shape) {
        Tensor tensor = file.require(name);
        if (!Arrays.equals(tensor.shape(), shape)) {
            throw shape(name, Arrays.toString(shape), tensor);
        }
        return tensor;
    }

    /** The part of a column, of a tensor whose first dimension is P. */
    private double[] part(Tensor tensor, int column) {
        int length = tensor.values().length / columns;
        return Arrays.copyOfRange(tensor.values(), column * length, (column + 1) * length);
    }

    /** A number for each column, whatever dimensions of 1 there are besides. */
    private double number(String name, int column) {
        Tensor tensor = file.require(name);
        if (tensor.values().length != columns) {
            throw shape(name, columns + " values", tensor);
        }
        return tensor.values()[column];
    }

    /** The scale of the bag effect of a column, where the file has it. */
    Optional<AuthorsScale> scale(int column, AuthorsParameters parameters) {
        if (file.find("scale_mean").isEmpty() && file.find("scale_std").isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(AuthorsScale.of(parameters, number("scale_mean", column), number("scale_std", column)));
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

    /** The tensors of a model: the authors' with a scale that changes nothing, and gmil's own. */
    static Map<String, Tensor> tensors(SavedModel model) {
        List<AuthorsParameters> columns =
                posteriors(model).stream().map(AuthorsPosterior::parameters).toList();
        AuthorsParameters first = columns.get(0);
        int p = columns.size();
        int k = first.fixedEffects();
        int n = 2 * first.width();
        double[] ones = new double[p];
        Arrays.fill(ones, 1);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("alpha", Tensor.of(byRow(columns, k), k, p));
        tensors.put("log_sigma_u", Tensor.of(each(columns, AuthorsParameters::logSigmaU), 1, p));
        tensors.put("log_sigma_z", Tensor.of(each(columns, AuthorsParameters::logSigmaZ), 1, p));
        tensors.put("posterior.mu", Tensor.of(joined(columns, AuthorsParameters::mu), p, n));
        tensors.put(
                "posterior.cov_factor", Tensor.of(joined(columns, AuthorsParameters::covFactor), p, n, first.rank()));
        tensors.put("posterior.cov_logdiag", Tensor.of(joined(columns, AuthorsParameters::covLogdiag), p, n));
        tensors.put("scale_mean", Tensor.of(new double[p], 1, p));
        tensors.put("scale_std", Tensor.of(ones, 1, p));
        tensors.put(
                "gmil.alpha_covariance", Tensor.of(joined(columns, AuthorsParameters::alphaCovariance), p, k, k + n));
        tensors.put("gmil.feature_mean", Tensor.of(model.featureScaler().mean(), first.width()));
        tensors.put("gmil.feature_sd", Tensor.of(model.featureScaler().sd(), first.width()));
        tensors.put("gmil.covariate_mean", Tensor.of(model.covariateScaler().mean(), k - 1));
        tensors.put("gmil.covariate_sd", Tensor.of(model.covariateScaler().sd(), k - 1));
        return tensors;
    }

    /** The columns of a model. */
    static List<Posterior> posteriors(SavedModel model) {
        return model.posteriors().stream()
                .flatMap(outcome -> outcome.posteriors().stream())
                .toList();
    }

    private static double[] each(List<AuthorsParameters> columns, ToDoubleFunction<AuthorsParameters> number) {
        return columns.stream().mapToDouble(number).toArray();
    }

    /** α (K × P). */
    private static double[] byRow(List<AuthorsParameters> columns, int k) {
        double[] rows = new double[k * columns.size()];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = columns.get(i % columns.size()).alpha()[i / columns.size()];
        }
        return rows;
    }

    private static double[] joined(List<AuthorsParameters> columns, Function<AuthorsParameters, double[]> values) {
        if (columns.size() == 1) {
            return values.apply(columns.get(0)); // may be as large as the model
        }
        int length = values.apply(columns.get(0)).length;
        double[] joined = new double[columns.size() * length];
        for (int p = 0; p < columns.size(); p++) {
            System.arraycopy(values.apply(columns.get(p)), 0, joined, p * length, length);
        }
        return joined;
    }

    /** The texts of a model. */
    static Map<String, String> texts(SavedModel model) {
        return Map.of(MODEL, ModelOutline.of(model).json());
    }
}
