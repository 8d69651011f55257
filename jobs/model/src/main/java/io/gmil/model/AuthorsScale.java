package io.gmil.model;

import java.util.ArrayList;
import java.util.List;

/**
 * How the authors' bag effect is standardised over training bags, frozen. They predict u = b (r − mean) / sd with
 * r = Σ w (x·z) / b and b = √(mean z²); the same is
 *
 * <pre>
 * u = Σ w (x − c)·β,   β = z / sd,   c·z = b mean
 * </pre>
 *
 * so the sd goes into β, and the mean into the centre of the features, which attention does not see: its softmax does not
 * change with a shift. The scale is that at the posterior mean; the authors take it anew for each draw.
 *
 * @param centre c (Q), of the features the authors' model has seen
 * @param sd of r, positive
 * @param rest b mean − c·z, for classes that have to share a centre: the intercept is that much / sd less
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record AuthorsScale(double[] centre, double sd, double rest) {
    /** How much farther a shared centre may be than the farthest of those it is for. */
    private static final double FARTHER = 2;

    private static final double LEAST_RIDGE = 1e-12;

    public AuthorsScale {
        if (!(sd > 0) || !Double.isFinite(sd)) {
            throw new IllegalArgumentException("scale: expected a positive sd, got " + sd);
        }
    }

    /** With c·z = b mean. */
    public AuthorsScale(double[] centre, double sd) {
        this(centre, sd, 0);
    }

    /**
     * The scales of classes with one centre for all, since features have one scaler: from the mean of the centres the
     * shortest way to where c·z = b mean in each class. Where effects of classes are nearly dependent, as a softmax leaves
     * them, that may be far away; then some way towards it, and the rest goes into intercepts. η is the same in any case.
     *
     * @param classes parameters of each
     * @param each the scale of each class by itself
     */
    public static List<AuthorsScale> shared(List<AuthorsParameters> classes, List<AuthorsScale> each) {
        int count = classes.size();
        if (count == 1) {
            return each;
        }
        double[][] z = new double[count][];
        double[] start = new double[each.get(0).centre.length];
        double farthest = 0;
        for (int c = 0; c < count; c++) {
            double[] centre = each.get(c).centre;
            z[c] = classes.get(c).instanceEffects();
            Triangular.axpy(1.0 / count, centre, 0, start, 0, start.length);
            farthest = Math.max(farthest, norm(centre));
        }
        double[] rest = rest(z, each, start);
        double[] shared = start;
        for (double ridge = LEAST_RIDGE; ridge < 1; ridge *= 10) {
            double[] moved = moved(start, z, rest, ridge);
            if (moved != null && norm(moved) <= FARTHER * farthest) {
                shared = moved;
                break;
            }
        }
        double[] left = rest(z, each, shared);
        List<AuthorsScale> scales = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            scales.add(new AuthorsScale(shared, each.get(c).sd, left[c]));
        }
        return scales;
    }

    private static double norm(double[] x) {
        return Math.sqrt(Triangular.dot(x, 0, x, 0, x.length));
    }

    /** b mean − c·z of each class. */
    private static double[] rest(double[][] z, List<AuthorsScale> each, double[] centre) {
        double[] rest = new double[z.length];
        for (int c = 0; c < rest.length; c++) {
            double[] own = each.get(c).centre;
            rest[c] = Triangular.dot(own, 0, z[c], 0, own.length) - Triangular.dot(centre, 0, z[c], 0, own.length);
        }
        return rest;
    }

    /** start + Ẑᵀ(Ẑ Ẑᵀ + ridge I)⁻¹ rest, Ẑ of length 1 in each class; null if there is none. */
    private static double[] moved(double[] start, double[][] z, double[] rest, double ridge) {
        int count = z.length;
        double[] gram = new double[count * count];
        double[] weights = new double[count];
        double[] lengths = new double[count];
        for (int i = 0; i < count; i++) {
            lengths[i] = Math.max(norm(z[i]), Double.MIN_NORMAL);
            weights[i] = rest[i] / lengths[i];
            for (int j = 0; j <= i; j++) {
                gram[i * count + j] = Triangular.dot(z[i], 0, z[j], 0, start.length) / (lengths[i] * lengths[j]);
            }
            gram[i * count + i] += ridge;
        }
        if (!new EjmlAlgebra().cholesky(gram, count)) {
            return null;
        }
        Triangular.solve(gram, count, weights);
        Triangular.solveTransposed(gram, count, weights);
        double[] moved = start.clone();
        for (int i = 0; i < count; i++) {
            Triangular.axpy(weights[i] / lengths[i], z[i], 0, moved, 0, moved.length);
        }
        return moved;
    }

    /** u = Σ w x·z. */
    public static AuthorsScale none(int width) {
        return new AuthorsScale(new double[width], 1);
    }

    /**
     * Of mean and sd of r over the training bags: the shortest c there is. Any other has the same predictions; only η's
     * sd depends on which, by what is not known of β along it.
     */
    public static AuthorsScale of(AuthorsParameters parameters, double mean, double sd) {
        if (!Double.isFinite(mean)) {
            throw new IllegalArgumentException("scale: expected a finite mean, got " + mean);
        }
        double[] z = parameters.instanceEffects();
        double squares = Triangular.dot(z, 0, z, 0, z.length);
        double[] centre = new double[z.length];
        if (squares > 0 && mean != 0) {
            Triangular.axpy(parameters.rootMeanSquare() * mean / squares, z, 0, centre, 0, z.length);
        }
        return new AuthorsScale(centre, sd);
    }

    /**
     * Features x' of these are those the authors' model has seen; the result's are those less c.
     *
     * @param seen how they scaled the cells
     */
    public FeatureScaler centred(FeatureScaler seen) {
        double[] mean = seen.mean().clone();
        double[] inverse = seen.inverseScale();
        for (int q = 0; q < mean.length; q++) {
            mean[q] += centre[q] / inverse[q];
        }
        return new FeatureScaler(mean, seen.sd());
    }

    /** Takes the scale from training bags; c is the mean of Σ w x, for which c·z = b mean as well. */
    public static final class Training {
        private final AuthorsParameters parameters;
        private final Predictor predictor;
        private final PosteriorSnapshot posterior;
        private final double[] covariates;
        private final double[] centre;
        private long bags;
        private double mean;
        private double m2;

        /** @param seen how the authors scaled the cells */
        public Training(AuthorsParameters parameters, ModelSpec spec, FeatureScaler seen) {
            this.parameters = parameters;
            this.predictor = new Predictor(spec, seen);
            this.posterior = AuthorsPosterior.of(parameters, none(spec.width()), spec, Phase.SAMPLED, 0)
                    .posterior()
                    .snapshot(0, 1);
            this.covariates = new double[spec.fixedEffects()];
            this.centre = new double[spec.width()];
        }

        /** Adds a bag; its covariates do not matter. */
        public void add(Cells cells) {
            BagPrediction prediction = predictor.predict(cells, covariates, posterior);
            double[] pooled = prediction.linearisation().gradient();
            bags++;
            for (int q = 0; q < centre.length; q++) {
                centre[q] += (pooled[pooled.length - centre.length + q] - centre[q]) / bags;
            }
            double deviation = prediction.randomEffect() - mean;
            mean += deviation / bags;
            m2 += deviation * (prediction.randomEffect() - mean);
        }

        /** Bags that were added. */
        public long bags() {
            return bags;
        }

        /**
         * The scale with the unbiased sd.
         *
         * @throws IllegalArgumentException if the bags are fewer than two, or have all the same effect
         */
        public AuthorsScale scale() {
            double sd = Math.sqrt(m2 / (bags - 1)) / parameters.rootMeanSquare();
            if (bags < 2 || !(sd > 0) || !Double.isFinite(sd)) {
                throw new IllegalArgumentException(
                        "scale: expected at least two training bags with different effects, got " + bags + " with sd "
                                + sd);
            }
            return new AuthorsScale(centre.clone(), sd);
        }
    }
}
