package io.gmil.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One start of a {@link GmilFit} and how far it is. */
final class FitRun {
    private final GmilFit fit;
    private final List<LabelledBag> bags;
    private final FeatureScaler scaler;
    private final List<OutcomePosterior> posteriors = new ArrayList<>();
    private final SiteEngine engine;

    /** By bag, outcome and class. */
    private final Site[][][] sites;

    private final Random random;
    private final int batch;
    private int[] order;
    private long steps;
    private int pass;

    FitRun(GmilFit fit, List<LabelledBag> bags, List<ModelSpec> outcomes, FeatureScaler scaler, int start) {
        this.fit = fit;
        this.bags = bags;
        this.scaler = scaler;
        this.engine = new SiteEngine(outcomes, scaler, LinearAlgebra.forCells());
        this.sites = new Site[bags.size()][outcomes.size()][];
        this.batch = fit.batch(bags.size());
        this.random = new Random(BaseNoise.mix(fit.seed()));
        this.order = GmilFit.permutation(bags.size(), random);
        for (ModelSpec spec : outcomes) {
            OutcomePosterior prior = OutcomePosterior.prior(spec);
            if (start > 0) {
                prior.scatter(BaseNoise.mix(fit.seed()) + start);
            }
            prior.plan(bags.size());
            posteriors.add(prior);
        }
    }

    List<OutcomePosterior> posteriors() {
        return List.copyOf(posteriors);
    }

    void advance(int toPass, Runnable afterPass) {
        int batches = (bags.size() + batch - 1) / batch;
        for (; pass < toPass; pass++) {
            for (OutcomePosterior each : posteriors) {
                each.phase(fit.phase(pass));
            }
            if (pass > 0 && !fit.fixedNoise()) {
                order = GmilFit.permutation(bags.size(), random);
            }
            for (int b : GmilFit.permutation(batches, random)) {
                visit(b, fit.fixedNoise() ? b : steps);
                posteriors.forEach(OutcomePosterior::step);
                steps++;
            }
            afterPass.run();
        }
    }

    private void visit(int index, long noiseSeed) {
        int from = index * batch;
        int to = Math.min(from + batch, order.length);
        List<LabelledBag> minibatch = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            minibatch.add(bags.get(order[i]));
        }
        PosteriorSnapshot[][] q =
                posteriors.stream().map(each -> each.exactSnapshots(0, 0)).toArray(PosteriorSnapshot[][]::new);
        Site[][][] before = takeOut(from, to);
        Site[][][] fresh = engine.sites(minibatch, q, noiseSeed + fit.seed() * 0x632BE59BD9B4E019L, before);
        for (int o = 0; o < q.length; o++) { // outcome by outcome, since their sums together exceed the caches
            OutcomePosterior posterior = posteriors.get(o);
            for (int i = from; i < to; i++) {
                Site[][] after = fresh[i - from];
                after[o] = posterior.kept(after[o]);
                posterior.change(null, after[o]);
                sites[order[i]] = after;
            }
        }
    }

    /** Takes the sites of these bags out of the posteriors; those that nobody holds any longer. */
    private Site[][][] takeOut(int from, int to) {
        Site[][][] free = new Site[to - from][posteriors.size()][];
        for (int o = 0; o < posteriors.size(); o++) {
            OutcomePosterior posterior = posteriors.get(o);
            boolean held = posterior.holdsSites();
            for (int i = from; i < to; i++) {
                Site[] before = sites[order[i]][o];
                posterior.change(before, null);
                free[i - from][o] = held ? null : before;
            }
        }
        return free;
    }

    /** The evidence lower bound of each outcome. */
    double[] bounds() {
        double[] bounds = new double[posteriors.size()];
        for (int o = 0; o < bounds.length; o++) {
            bounds[o] = Elbo.of(posteriors.get(o), bags, o, scaler, BaseNoise.mix(fit.seed()));
        }
        return bounds;
    }

    /**
     * Takes over the outcomes of which another start, as far as this one, has the larger bound.
     *
     * @param bounds of this run, updated
     */
    void adoptBetter(FitRun other, double[] bounds) {
        double[] others = other.bounds();
        for (int o = 0; o < others.length; o++) {
            if (others[o] > bounds[o]) {
                bounds[o] = others[o];
                posteriors.set(o, other.posteriors.get(o));
                for (int n = 0; n < sites.length; n++) {
                    sites[n][o] = other.sites[n][o];
                }
            }
        }
    }

    /** See {@link OutcomePosterior#widen}. */
    void widen() {
        long noiseSeed = fit.seed() * 0x632BE59BD9B4E019L - 1;
        List<OutcomePosterior> widened = new ArrayList<>();
        List<SecondOrder.Outcome> outcomes = new ArrayList<>();
        for (int o = 0; o < posteriors.size(); o++) {
            if (posteriors.get(o).widens()) {
                widened.add(posteriors.get(o));
                outcomes.add(posteriors.get(o).forCurvature(o, noiseSeed));
            }
        }
        double[][][] curvature = SecondOrder.curvature(bags, outcomes, scaler);
        for (int o = 0; o < widened.size(); o++) {
            widened.get(o).widen(curvature[o], bags, scaler, noiseSeed);
        }
    }
}
