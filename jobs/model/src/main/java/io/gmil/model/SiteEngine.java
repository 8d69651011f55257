package io.gmil.model;

import java.util.List;

/**
 * Computes the sites of labelled bags at a posterior (DESIGN §4; {@code visit} of the reference).
 *
 * <pre>
 * linearised, at m:      see {@link Linearisation#site}
 * sampled, at θ_s:       H = (1/S) Σ e₂ J Jᵀ, h = H m + (1/S) Σ e₁ J,  e₁ = y − n σ(η_s), e₂ = n σ(1−σ)
 * </pre>
 *
 * <p>Thread-confined: buffers are reused, sites are new.
 */
public final class SiteEngine {
    private final ModelSpec spec;
    private final CellSweep sweep;
    private final double[] theta;
    private final double[] jacobian;

    public SiteEngine(ModelSpec spec, FeatureScaler scaler, LinearAlgebra algebra) {
        this.spec = spec;
        this.sweep = new CellSweep(spec, scaler, algebra);
        this.theta = new double[spec.draws() * spec.dimension()];
        this.jacobian = new double[spec.dimension()];
    }

    /**
     * The sites of these bags, in order.
     *
     * @param noiseSeed picks the base noise of the draws; the same seed gives the same noise whatever the posterior
     */
    public Site[] sites(List<LabelledBag> minibatch, PosteriorSnapshot q, long noiseSeed) {
        check(minibatch, q);
        if (q.phase() != Phase.SAMPLED) {
            return linearised(minibatch, q);
        }
        q.factor().draws(spec, noiseSeed, q.sharedMean(), theta);
        return sampled(minibatch, q.sharedMean(), theta, spec.draws());
    }

    private void check(List<LabelledBag> minibatch, PosteriorSnapshot q) {
        if (q.spec().dimension() != spec.dimension()) {
            throw new IllegalArgumentException("posterior: expected dimension " + spec.dimension() + ", got "
                    + q.spec().dimension());
        }
        for (LabelledBag bag : minibatch) {
            if (bag.cells().width() != spec.width() || bag.fixedEffects().length != spec.fixedEffects()) {
                throw new IllegalArgumentException("bag: expected width " + spec.width() + " and " + spec.fixedEffects()
                        + " fixed effects, got " + bag.cells().width() + " and " + bag.fixedEffects().length);
            }
        }
    }

    private Site[] linearised(List<LabelledBag> minibatch, PosteriorSnapshot q) {
        Site[] sites = new Site[minibatch.size()];
        double[] mean = q.sharedMean();
        boolean attention = q.phase() != Phase.MEAN_POOLING;
        sweep.run(minibatch, mean, 1, (index, sums) -> {
            LabelledBag bag = minibatch.get(index);
            sums.jacobian(0, bag.fixedEffects(), attention, jacobian, 0);
            double eta = fixedEffect(bag, mean, 0) + sums.u(0);
            double product = Triangular.dot(jacobian, 0, mean, 0, mean.length);
            sites[index] = new Linearisation(jacobian, eta, q.variance(jacobian), product).site(bag.y(), bag.trials());
        });
        return sites;
    }

    /** Sampled sites at given draws θ (S × D). */
    Site[] sampled(List<LabelledBag> minibatch, double[] mean, double[] draws, int count) {
        Site[] sites = new Site[minibatch.size()];
        int d = spec.dimension();
        sweep.run(minibatch, draws, count, (index, sums) -> {
            LabelledBag bag = minibatch.get(index);
            double[] rows = new double[count * d];
            double[] shift = new double[d];
            for (int s = 0; s < count; s++) {
                sums.jacobian(s, bag.fixedEffects(), true, rows, s * d);
                double p = LogisticGaussian.sigmoid(fixedEffect(bag, draws, s * d) + sums.u(s));
                double score = bag.y() - bag.trials() * p;
                weigh(rows, s * d, mean, score, bag.trials() * p * (1 - p), count, shift);
            }
            sites[index] = new Site(count, rows, shift);
        });
        return sites;
    }

    private double fixedEffect(LabelledBag bag, double[] parameters, int at) {
        return Triangular.dot(parameters, at, bag.fixedEffects(), 0, spec.fixedEffects());
    }

    /** Adds (e₂ J·m + e₁) J / S to the shift and turns the row J into √(e₂/S) J. */
    private static void weigh(
            double[] rows, int at, double[] mean, double score, double curvature, int draws, double[] shift) {
        int d = mean.length;
        double slope = (curvature * Triangular.dot(rows, at, mean, 0, d) + score) / draws;
        double root = Math.sqrt(curvature / draws);
        for (int i = 0; i < d; i++) {
            shift[i] += slope * rows[at + i];
            rows[at + i] *= root;
        }
    }
}
