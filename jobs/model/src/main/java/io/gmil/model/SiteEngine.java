package io.gmil.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Computes the sites of labelled bags at posteriors (DESIGN §4; {@code visit} of the reference). Several outcomes share one
 * pass over the cells.
 *
 * <pre>
 * linearised, at m:      H = E[e₂] J Jᵀ, h = H m + E[e₁] J, over η ~ N(η(m), JᵀSJ); see also {@link Linearisation#site}
 * sampled, at θ_s:       H = (1/S) Σ e₂ J Jᵀ, h = H m + (1/S) Σ e₁ J,  e₁ and e₂ of the {@link Likelihood} at η_s
 * </pre>
 *
 * <p>Thread-confined: buffers are reused, sites are new.
 */
public final class SiteEngine {
    /** Keeps the noise of the posteriors of one visit apart; that of the first is the caller's. */
    private static final long STREAM = 0xD1B54A32D192ED03L;

    private final List<ModelSpec> outcomes;
    private final FeatureScaler scaler;
    private final LinearAlgebra algebra;
    private final List<OutcomeSites> sinks = new ArrayList<>();
    private CellSweep atMeans;
    private CellSweep atDraws;

    /** For one outcome. */
    public SiteEngine(ModelSpec spec, FeatureScaler scaler, LinearAlgebra algebra) {
        this(List.of(spec), scaler, algebra);
    }

    /** @param outcomes the spec of each, the same for all its classes */
    public SiteEngine(List<ModelSpec> outcomes, FeatureScaler scaler, LinearAlgebra algebra) {
        this.outcomes = List.copyOf(outcomes);
        this.scaler = scaler;
        this.algebra = algebra;
        for (int o = 0; o < outcomes.size(); o++) {
            sinks.add(new OutcomeSites(outcomes.get(o), o));
        }
    }

    /**
     * The sites of these bags, in order, for an outcome with one posterior.
     *
     * @param noiseSeed picks the base noise of the draws; the same seed gives the same noise whatever the posterior
     */
    public Site[] sites(List<LabelledBag> minibatch, PosteriorSnapshot q, long noiseSeed) {
        Site[][][] all = sites(minibatch, new PosteriorSnapshot[][] {{q}}, noiseSeed);
        Site[] sites = new Site[all.length];
        for (int n = 0; n < sites.length; n++) {
            sites[n] = all[n][0][0];
        }
        return sites;
    }

    /**
     * The sites of these bags: by bag, outcome and class; null where a bag lacks the label.
     *
     * @param q the posteriors by outcome and class, all in the same phase
     */
    public Site[][][] sites(List<LabelledBag> minibatch, PosteriorSnapshot[][] q, long noiseSeed) {
        return sites(minibatch, q, noiseSeed, new Site[minibatch.size()][][]);
    }

    /**
     * The same, in the arrays of sites that nobody uses any longer: new ones for every visit of many outcomes would push
     * all else out of the caches.
     *
     * @param before by bag, outcome and class; null for none
     */
    Site[][][] sites(List<LabelledBag> minibatch, PosteriorSnapshot[][] q, long noiseSeed, Site[][][] before) {
        check(minibatch, q);
        boolean sampled = q[0][0].phase() == Phase.SAMPLED;
        List<Draws> draws = new ArrayList<>();
        for (PosteriorSnapshot[] classes : q) {
            for (PosteriorSnapshot each : classes) {
                draws.add(
                        sampled
                                ? new Draws(
                                        each.spec(),
                                        each.draws(noiseSeed + draws.size() * STREAM),
                                        each.spec().draws())
                                : Draws.mean(each));
            }
        }
        return sites(minibatch, q, draws, sampled, before);
    }

    /**
     * The same at given draws of every class, in the order of the posteriors.
     *
     * @param sampled whether these are draws; otherwise means
     */
    Site[][][] sites(List<LabelledBag> minibatch, PosteriorSnapshot[][] q, List<Draws> draws, boolean sampled) {
        return sites(minibatch, q, draws, sampled, new Site[minibatch.size()][][]);
    }

    private Site[][][] sites(
            List<LabelledBag> minibatch,
            PosteriorSnapshot[][] q,
            List<Draws> draws,
            boolean sampled,
            Site[][][] before) {
        Site[][][] sites = new Site[minibatch.size()][outcomes.size()][];
        int pair = 0;
        int next = 0;
        for (int o = 0; o < q.length; o++) {
            List<Draws> own = draws.subList(next, next += q[o].length);
            sinks.get(o).begin(q[o], own, pair);
            pair += own.stream().mapToInt(Draws::pairs).sum();
        }
        sweep(draws, sampled).run(minibatch, draws, (index, sums) -> {
            LabelledBag bag = minibatch.get(index);
            for (int o = 0; o < sinks.size(); o++) {
                if (bag.labels()[o] != null) {
                    sites[index][o] = sampled
                            ? sinks.get(o).sampled(bag, sums, before[index] == null ? null : before[index][o])
                            : sinks.get(o).linearised(bag, sums);
                }
            }
        });
        return sites;
    }

    private CellSweep sweep(List<Draws> draws, boolean sampled) {
        CellSweep known = sampled ? atDraws : atMeans;
        if (known != null && known.takes(draws)) {
            return known;
        }
        CellSweep made = CellSweep.of(draws, scaler, algebra);
        if (sampled) {
            atDraws = made;
        } else {
            atMeans = made;
        }
        return made;
    }

    /** Sampled sites of an outcome with one posterior, at given draws θ (S × D). */
    Site[] sampled(List<LabelledBag> minibatch, PosteriorSnapshot q, double[] theta, int count) {
        Site[][][] all =
                sites(minibatch, new PosteriorSnapshot[][] {{q}}, List.of(new Draws(q.spec(), theta, count)), true);
        Site[] sites = new Site[all.length];
        for (int n = 0; n < sites.length; n++) {
            sites[n] = all[n][0][0];
        }
        return sites;
    }

    private void check(List<LabelledBag> minibatch, PosteriorSnapshot[][] q) {
        for (int o = 0; o < outcomes.size(); o++) {
            ModelSpec spec = outcomes.get(o);
            if (q[o].length != spec.likelihood().components()) {
                throw new IllegalArgumentException("posteriors of outcome " + o + ": expected "
                        + spec.likelihood().components() + ", got " + q[o].length);
            }
            for (PosteriorSnapshot each : q[o]) {
                if (each.spec().dimension() != spec.dimension()) {
                    throw new IllegalArgumentException("posterior: expected dimension " + spec.dimension() + ", got "
                            + each.spec().dimension());
                }
            }
        }
        for (LabelledBag bag : minibatch) {
            check(bag);
        }
    }

    private void check(LabelledBag bag) {
        ModelSpec spec = outcomes.get(0);
        if (bag.cells().width() != spec.width() || bag.fixedEffects().length != spec.linear()) {
            throw new IllegalArgumentException("bag: expected width " + spec.width() + " and " + spec.linear()
                    + " fixed effects, got " + bag.cells().width() + " and " + bag.fixedEffects().length);
        }
        if (bag.labels().length != outcomes.size()) {
            throw new IllegalArgumentException(
                    "bag: expected labels of " + outcomes.size() + " outcomes, got " + bag.labels().length);
        }
        for (int o = 0; o < outcomes.size(); o++) {
            if (bag.labels()[o] != null) {
                outcomes.get(o).likelihood().require(bag.labels()[o]);
            }
        }
    }
}
