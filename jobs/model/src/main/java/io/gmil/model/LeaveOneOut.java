package io.gmil.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Predicts each bag of a fit as if it had been left out, by taking its own site out of the posterior instead of fitting
 * anew: without the site (H, h) of a bag, in one Newton step from the mean m,
 *
 * <pre>
 * Λ₋ = Λ − H,   m₋ = m + Λ₋⁻¹ ((r − Λm) − (h − H m)),   η ~ N(η(m₋), J₋ᵀS₋J₋)
 * </pre>
 *
 * <p>At rest r = Λm; a fit of few bags stops a little before.
 *
 * <p>Sites are computed anew at the posterior of the fit with {@value #DRAWS} draws or more that all bags share: those of
 * the last pass belong to several posteriors and carry the noise of few draws. Since Λ is their sum, no leverage reaches 1.
 * Prior variances stay those of all bags. As the intervals of a fit are widened, so are these: JᵀS₋J / JᵀSJ, both of the
 * sites alone, is by how much the bag's own variance grows. Of independent components that is Σ J² / (Λ − H)_ii / Σ J² / Λ_ii; their
 * mean moves as that of the full posterior, as it does in a fit.
 *
 * <p>Takes two visits of all bags.
 */
public final class LeaveOneOut {
    static final int DRAWS = 32;

    /** Few bags leave wide posteriors, whose tails need draws, and take little time. */
    private static final int MOST_DRAWS = 512;

    private static final int DRAWS_OF_ALL_BAGS = 4096;
    private static final int BATCH = 64;

    /** Matrices (D × D) of a fitted posterior and its S without widening. */
    private static final int POSTERIOR_MATRICES = 3;

    private final List<LabelledBag> bags;
    private final SiteEngine engine;
    private final Predictor predictor;

    /** By outcome. */
    private final List<MeanOutcomes> outcomeMeans;

    private final boolean sampled;

    /** Before widening: where sites are computed. */
    private final PosteriorSnapshot[][] q;

    /** As readers see it. */
    private final PosteriorSnapshot[][] published;

    private final List<Draws> draws = new ArrayList<>();
    private final ClassPrecision[][] precisions;

    private LeaveOneOut(
            List<OutcomePosterior> posteriors, List<LabelledBag> bags, FeatureScaler scaler, long noiseSeed) {
        List<ModelSpec> specs = posteriors.stream().map(OutcomePosterior::spec).toList();
        this.bags = bags;
        this.engine = new SiteEngine(specs, scaler, LinearAlgebra.forCells());
        this.predictor = new Predictor(specs, scaler);
        this.outcomeMeans =
                specs.stream().map(spec -> new MeanOutcomes(List.of(spec))).toList();
        this.sampled = posteriors.get(0).phase() == Phase.SAMPLED;
        this.q = new PosteriorSnapshot[posteriors.size()][];
        this.published = new PosteriorSnapshot[posteriors.size()][];
        this.precisions = new ClassPrecision[posteriors.size()][];
        int count = draws(bags.size());
        for (int o = 0; o < q.length; o++) {
            OutcomePosterior outcome = posteriors.get(o);
            q[o] = outcome.posteriors().stream().map(Posterior::ofSites).toArray(PosteriorSnapshot[]::new);
            published[o] = outcome.exactSnapshots(0, 0);
            precisions[o] = Arrays.stream(q[o]).map(ClassPrecision::new).toArray(ClassPrecision[]::new);
            draws.addAll(sampled ? OutcomePosterior.draws(q[o], BaseNoise.mix(noiseSeed) + o, count) : means(q[o]));
        }
    }

    private static List<Draws> means(PosteriorSnapshot[] classes) {
        return Arrays.stream(classes).map(Draws::mean).toList();
    }

    /**
     * Every bag without itself.
     *
     * @param posteriors of a fit, by outcome
     * @param bags that it was fitted to
     * @param noiseSeed of the draws
     * @return by bag and outcome; null where a bag lacks the label
     */
    public static List<LeftOut[]> of(
            List<OutcomePosterior> posteriors, List<LabelledBag> bags, FeatureScaler scaler, long noiseSeed) {
        return new LeaveOneOut(posteriors, bags, scaler, noiseSeed).run();
    }

    /**
     * Heap that this takes beside the bags, about, in bytes: Λ is held as D × D values whatever D.
     *
     * @param bags that were learnt
     */
    public static double heap(ModelSpec spec, int bags) {
        double d = spec.dimension();
        int classes = spec.likelihood().components();
        double matrices = classes * (POSTERIOR_MATRICES + (classes == 1 ? 2 : 3)) * d * d;
        double sites = (draws(bags) + 1.0) * Math.min(BATCH, bags) * classes * d;
        return Double.BYTES * (matrices + sites);
    }

    private static int draws(int bags) {
        return Math.max(DRAWS, Math.min(MOST_DRAWS, DRAWS_OF_ALL_BAGS / Math.max(1, bags)));
    }

    private List<LeftOut[]> run() {
        visit((bag, sites) -> {
            for (int o = 0; o < sites.length; o++) {
                for (int c = 0; sites[o] != null && c < sites[o].length; c++) {
                    precisions[o][c].add(sites[o][c]);
                }
            }
        });
        for (ClassPrecision[] classes : precisions) {
            for (ClassPrecision each : classes) {
                each.factorise();
            }
        }
        List<LeftOut[]> all = new ArrayList<>(bags.size());
        visit((bag, sites) -> all.add(leftOut(bag, sites)));
        return all;
    }

    private interface Visitor {
        /** Sites by outcome and class; null where the label is missing. */
        void bag(LabelledBag bag, Site[][] sites);
    }

    private void visit(Visitor visitor) {
        for (int from = 0; from < bags.size(); from += BATCH) {
            List<LabelledBag> batch = bags.subList(from, Math.min(from + BATCH, bags.size()));
            Site[][][] sites = engine.sites(batch, q, draws, sampled);
            for (int n = 0; n < batch.size(); n++) {
                visitor.bag(batch.get(n), sites[n]);
            }
        }
    }

    private LeftOut[] leftOut(LabelledBag bag, Site[][] sites) {
        PosteriorSnapshot[][] without = new PosteriorSnapshot[q.length][];
        double[] squares = new double[q.length];
        for (int o = 0; o < q.length; o++) {
            without[o] = published[o].clone();
            for (int c = 0; sites[o] != null && c < q[o].length; c++) {
                squares[o] += precisions[o][c].squaredNorm(precisions[o][c].pull(sites[o][c]));
                without[o][c] = at(precisions[o][c].meanWithout(sites[o][c]), published[o][c]);
            }
        }
        BagPrediction[][] predictions = predictor.predict(bag.cells(), bag.fixedEffects(), without, null);
        LeftOut[] leftOut = new LeftOut[q.length];
        for (int o = 0; o < q.length; o++) {
            if (sites[o] != null) {
                leftOut[o] = grown(o, predictions[o], sites[o], Math.sqrt(squares[o]));
            }
        }
        return leftOut;
    }

    private static PosteriorSnapshot at(double[] mean, PosteriorSnapshot q) {
        return new PosteriorSnapshot(
                q.spec(), 0, 0, q.phase(), q.labelledBags() - 1, q.pathLength(), q.variances(), mean, q.factor());
    }

    private LeftOut grown(int outcome, BagPrediction[] predictions, Site[] sites, double influence) {
        Linearisation[] etas = new Linearisation[predictions.length];
        double leverage = 0;
        for (int c = 0; c < predictions.length; c++) {
            Cavity cavity = precisions[outcome][c].without(sites[c]);
            Linearisation at = predictions[c].linearisation();
            double variance = at.etaVariance() * precisions[outcome][c].growth(cavity, sites[c], at.gradient());
            etas[c] = new Linearisation(at.gradient(), at.etaMean(), variance, at.gradientTimesMean());
            leverage += cavity.leverage();
        }
        MeanOutcome[] means = outcomeMeans.get(outcome).of(new Linearisation[][] {etas})[0];
        List<BagPrediction> grown = new ArrayList<>(predictions.length);
        for (int c = 0; c < predictions.length; c++) {
            grown.add(predictions[c].with(etas[c], means[c]));
        }
        return new LeftOut(grown, influence, leverage);
    }
}
