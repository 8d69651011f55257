package io.gmil.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Offline training in memory: replayed minibatches, mean pooling first, then linearised attention, then sampled
 * refinement ({@code fit} of the reference).
 *
 * @param passes over the bags
 * @param meanPasses of these in mean pooling
 * @param linearPasses passes before sampling starts, those in mean pooling included
 * @param batch bags per step
 * @param attention false stays in mean pooling: the plain GLMM
 * @param fixedNoise each minibatch keeps its bags and its base noise, as a shard of the stream does, and the fit comes to
 *     rest; otherwise bags are dealt anew in each pass and noise is fresh in each step
 * @param seed of the order and the noise
 */
public record GmilFit(
        int passes, int meanPasses, int linearPasses, int batch, boolean attention, boolean fixedNoise, long seed) {
    public GmilFit {
        if (passes < 1 || batch < 1 || meanPasses < 0 || linearPasses < 0) {
            throw new IllegalArgumentException(
                    "fit: expected passes and batch >= 1, meanPasses and linearPasses >= 0, got " + passes + ", "
                            + batch + ", " + meanPasses + ", " + linearPasses);
        }
    }

    /** 2 passes of mean pooling, 2 linearised, the others sampled, 64 bags per step, fresh noise. */
    public static GmilFit passes(int passes, long seed) {
        return new GmilFit(passes, 2, 4, 64, true, false, seed);
    }

    public GmilFit withoutAttention() {
        return new GmilFit(passes, meanPasses, linearPasses, batch, false, fixedNoise, seed);
    }

    public GmilFit withFixedNoise() {
        return new GmilFit(passes, meanPasses, linearPasses, batch, attention, true, seed);
    }

    /** Fits these bags from the prior. */
    public Posterior fit(List<LabelledBag> bags, ModelSpec spec, FeatureScaler scaler) {
        Posterior posterior = new Posterior(spec);
        SiteEngine engine = new SiteEngine(spec, scaler, LinearAlgebra.forCells());
        Site[] sites = new Site[bags.size()];
        Random random = new Random(BaseNoise.mix(seed));
        int[] order = permutation(bags.size(), random);
        int batches = (bags.size() + batch - 1) / batch;
        long steps = 0;
        for (int pass = 0; pass < passes; pass++) {
            posterior.phase(phase(pass));
            if (pass > 0 && !fixedNoise) {
                order = permutation(bags.size(), random);
            }
            for (int b : permutation(batches, random)) {
                visit(bags, order, b, engine, posterior, sites, fixedNoise ? b : steps);
                posterior.step();
                steps++;
            }
        }
        return posterior;
    }

    private Phase phase(int pass) {
        if (pass < meanPasses || !attention) {
            return Phase.MEAN_POOLING;
        }
        return pass < linearPasses ? Phase.LINEARISED : Phase.SAMPLED;
    }

    private void visit(
            List<LabelledBag> bags,
            int[] order,
            int index,
            SiteEngine engine,
            Posterior posterior,
            Site[] sites,
            long noiseSeed) {
        int from = index * batch;
        int to = Math.min(from + batch, order.length);
        List<LabelledBag> minibatch = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            minibatch.add(bags.get(order[i]));
        }
        Site[] fresh = engine.sites(minibatch, posterior.exactSnapshot(0, 0), noiseSeed + seed * 0x632BE59BD9B4E019L);
        for (int i = from; i < to; i++) {
            posterior.change(sites[order[i]], fresh[i - from]);
            sites[order[i]] = fresh[i - from];
        }
    }

    private static int[] permutation(int n, Random random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
