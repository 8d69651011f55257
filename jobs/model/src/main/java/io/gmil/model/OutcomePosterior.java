package io.gmil.model;

import java.util.ArrayList;
import java.util.List;

/**
 * What is learnt of one outcome: q(θ) of each of its classes, or the only one. Thread-confined.
 *
 * @param posteriors C, all of the same spec
 */
public record OutcomePosterior(List<Posterior> posteriors) {
    /** More change the coverage of intervals by less than .005. */
    private static final int CURVATURE_DRAWS = 16;

    private static final int VARIANCE_DRAWS = 32;

    /** Bags that a ratio of sums over bags is taken from. */
    private static final int VARIANCE_BAGS = 200;

    /** Keeps the draws of classes apart. */
    private static final long STREAM = 0xC2B2AE3D27D4EB4FL;

    public OutcomePosterior {
        posteriors = List.copyOf(posteriors);
        int expected = posteriors.get(0).spec().likelihood().components();
        if (posteriors.size() != expected) {
            throw new IllegalArgumentException(
                    "posteriors of an outcome: expected " + expected + ", got " + posteriors.size());
        }
    }

    /** The prior. */
    static OutcomePosterior prior(ModelSpec spec) {
        List<Posterior> classes = new ArrayList<>();
        for (int c = 0; c < spec.likelihood().components(); c++) {
            classes.add(new Posterior(ofClass(spec, c)));
        }
        return new OutcomePosterior(classes);
    }

    /**
     * Of the stored posteriors of its classes, see {@link Posterior#toBytes}.
     *
     * @throws IllegalArgumentException if they are of another model
     */
    public static OutcomePosterior fromBytes(List<byte[]> classes, ModelSpec spec) {
        List<Posterior> posteriors = new ArrayList<>();
        for (byte[] bytes : classes) {
            posteriors.add(Posterior.fromBytes(bytes, ofClass(spec, posteriors.size())));
        }
        return new OutcomePosterior(posteriors);
    }

    /** Heads that start at random do so differently in each class. */
    static ModelSpec ofClass(ModelSpec spec, int c) {
        return spec.withSeed(spec.seed() + c * STREAM);
    }

    /** That of the first class; the others differ by their seed. */
    public ModelSpec spec() {
        return posteriors.get(0).spec();
    }

    /** The phase of all classes. */
    public Phase phase() {
        return posteriors.get(0).phase();
    }

    void phase(Phase phase) {
        posteriors.forEach(posterior -> posterior.phase(phase));
    }

    /** Snapshots with the whole of S. */
    public PosteriorSnapshot[] exactSnapshots(long generation, long version) {
        return posteriors.stream()
                .map(posterior -> posterior.exactSnapshot(generation, version))
                .toArray(PosteriorSnapshot[]::new);
    }

    /** One damped step of every class. */
    void step() {
        posteriors.forEach(Posterior::step);
    }

    /** See {@link Posterior#plan}. */
    void plan(int bags) {
        posteriors.forEach(posterior -> posterior.plan(bags));
    }

    /** The sites of a bag as they are to be added and taken away, see {@link Posterior#kept}; null for none. */
    Site[] kept(Site[] sites) {
        Site[] kept = sites == null ? null : sites.clone();
        for (int c = 0; kept != null && c < kept.length; c++) {
            kept[c] = posteriors.get(c).kept(kept[c]);
        }
        return kept;
    }

    /** Site of each class before and after a visit; null for none. */
    void change(Site[] before, Site[] after) {
        for (int c = 0; c < posteriors.size(); c++) {
            posteriors.get(c).change(before == null ? null : before[c], after == null ? null : after[c]);
        }
    }

    /** Whether it may still read sites that have been taken away. */
    boolean holdsSites() {
        return posteriors.stream().anyMatch(posterior -> posterior.sum.holdsSites());
    }

    /** Begins at another attention. */
    void scatter(long noiseSeed) {
        posteriors.forEach(posterior -> posterior.scatter(noiseSeed));
    }

    /** Whether {@link #widen} is for this one: sampled, full and narrow enough to be published exactly. */
    boolean widens() {
        return phase() == Phase.SAMPLED
                && spec().dimension() <= Factor.EXACT_LIMIT
                && spec().covariance() == ModelSpec.Covariance.FULL;
    }

    /** What the curvature for {@link #widen} is taken from. */
    SecondOrder.Outcome forCurvature(int label, long noiseSeed) {
        double noise = posteriors.get(0).variances().noise();
        return new SecondOrder.Outcome(label, draws(noiseSeed, CURVATURE_DRAWS), noise);
    }

    /**
     * Widens S of every class for the intervals at the end of a fit: by the curvature that sites leave out, see {@link
     * SecondOrder}, and by what {@link Nonlinearity} adds to the variance of η. The means stay, and the next step starts from
     * the sites again.
     *
     * @param curvature of every class
     * @param bags those of the sites
     * @param noiseSeed of the draws
     */
    void widen(double[][] curvature, List<LabelledBag> bags, FeatureScaler scaler, long noiseSeed) {
        List<LabelledBag> some = bags.subList(0, Math.min(bags.size(), VARIANCE_BAGS));
        for (int c = 0; c < posteriors.size(); c++) {
            if (posteriors.get(c).widen(curvature[c])) {
                Draws draws = draws(posteriors.get(c).exactSnapshot(0, 0), noiseSeed + c * STREAM, VARIANCE_DRAWS);
                posteriors.get(c).scale(Nonlinearity.ofVariance(some, scaler, exactSnapshots(0, 0)[c], draws));
            }
        }
    }

    /** So many draws of θ from each class. */
    List<Draws> draws(long noiseSeed, int count) {
        return draws(exactSnapshots(0, 0), noiseSeed, count);
    }

    /** So many draws of θ from each of these, at least: in whole antithetic sets. */
    static List<Draws> draws(PosteriorSnapshot[] classes, long noiseSeed, int count) {
        List<Draws> all = new ArrayList<>();
        for (PosteriorSnapshot q : classes) {
            all.add(draws(q, noiseSeed + all.size() * STREAM, count));
        }
        return all;
    }

    private static Draws draws(PosteriorSnapshot q, long noiseSeed, int count) {
        ModelSpec spec = q.spec();
        int sets = (count + spec.draws() - 1) / spec.draws();
        int set = spec.draws() * spec.dimension();
        double[] theta = new double[sets * set];
        for (int from = 0; from < theta.length; from += set) {
            System.arraycopy(q.draws(noiseSeed + from), 0, theta, from, set);
        }
        return new Draws(spec, theta, sets * spec.draws());
    }
}
