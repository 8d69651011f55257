package io.gmil.model;

import java.util.List;
import java.util.Random;

/**
 * Offline training in memory: replayed minibatches, mean pooling first, then linearised attention, then sampled
 * refinement ({@code fit} of the reference).
 *
 * @param passes over the bags
 * @param meanPasses of these in mean pooling
 * @param linearPasses passes before sampling starts, those in mean pooling included
 * @param batch bags per step, at most: a pass takes {@value #STEPS} steps or more, since a cohort that fits into a few of
 *     these damped steps would otherwise end far from its rest
 * @param attention false stays in mean pooling: the plain GLMM
 * @param fixedNoise each minibatch keeps its bags and its base noise, as a shard of the stream does, and the fit comes to
 *     rest; otherwise bags are dealt anew in each pass and noise is fresh in each step
 * @param starts attentions to begin with: none, as the reference does, and others at random. With strong attention some end
 *     in a poor local optimum; the one with the largest evidence lower bound after half of the passes goes on
 * @param seed of the order and the noise
 */
public record GmilFit(
        int passes,
        int meanPasses,
        int linearPasses,
        int batch,
        boolean attention,
        boolean fixedNoise,
        int starts,
        long seed) {
    /** Of a pass, at least. */
    private static final int STEPS = 4;

    public GmilFit {
        if (passes < 1 || batch < 1 || starts < 1 || meanPasses < 0 || linearPasses < 0) {
            throw new IllegalArgumentException(
                    "fit: expected passes, batch and starts >= 1, meanPasses and linearPasses >= 0, got " + passes
                            + ", " + batch + ", " + starts + ", " + meanPasses + ", " + linearPasses);
        }
    }

    /** 2 passes of mean pooling, 2 linearised, the others sampled, up to 64 bags per step, fresh noise. */
    public static GmilFit passes(int passes, long seed) {
        return new GmilFit(passes, 2, 4, 64, true, false, 1, seed);
    }

    public GmilFit withoutAttention() {
        return new GmilFit(passes, meanPasses, linearPasses, batch, false, fixedNoise, 1, seed);
    }

    /** Of several starts the best. */
    public GmilFit withStarts(int newStarts) {
        return new GmilFit(passes, meanPasses, linearPasses, batch, attention, fixedNoise, newStarts, seed);
    }

    public GmilFit withFixedNoise() {
        return new GmilFit(passes, meanPasses, linearPasses, batch, attention, true, starts, seed);
    }

    /** Fits these bags, with one label each, from the prior. */
    public Posterior fit(List<LabelledBag> bags, ModelSpec spec, FeatureScaler scaler) {
        return fit(bags, List.of(spec), scaler).get(0).posteriors().get(0);
    }

    /**
     * Fits several outcomes, or one of several classes, from the prior; they share the order of the bags and each pass over
     * their cells.
     *
     * @param outcomes the spec of each, in the order of the labels
     */
    public List<OutcomePosterior> fit(List<LabelledBag> bags, List<ModelSpec> outcomes, FeatureScaler scaler) {
        return fit(bags, outcomes, scaler, FitProgress.SILENT);
    }

    /** The same, with word of every pass. */
    public List<OutcomePosterior> fit(
            List<LabelledBag> bags, List<ModelSpec> outcomes, FeatureScaler scaler, FitProgress progress) {
        int half = Math.min(passes, Math.max(linearPasses + 2, passes / 2));
        int all = passes + (starts - 1) * half;
        int[] done = new int[1];
        Runnable afterPass = () -> progress.pass(++done[0], all);
        FitRun best = new FitRun(this, bags, outcomes, scaler, 0);
        if (starts > 1) {
            best.advance(half, afterPass);
            double[] bounds = best.bounds();
            for (int start = 1; start < starts; start++) {
                FitRun other = new FitRun(this, bags, outcomes, scaler, start);
                other.advance(half, afterPass);
                best.adoptBetter(other, bounds);
            }
        }
        best.advance(passes, afterPass);
        best.widen();
        return best.posteriors();
    }

    /** Bags per step of so many. */
    int batch(int bags) {
        return Math.min(batch, (bags + STEPS - 1) / STEPS);
    }

    Phase phase(int pass) {
        if (pass < meanPasses || !attention) {
            return Phase.MEAN_POOLING;
        }
        return pass < linearPasses ? Phase.LINEARISED : Phase.SAMPLED;
    }

    static int[] permutation(int n, Random random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
