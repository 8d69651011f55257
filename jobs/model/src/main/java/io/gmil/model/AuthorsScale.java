package io.gmil.model;

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
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
public record AuthorsScale(double[] centre, double sd) {
    public AuthorsScale {
        if (!(sd > 0) || !Double.isFinite(sd)) {
            throw new IllegalArgumentException("scale: expected a positive sd, got " + sd);
        }
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
