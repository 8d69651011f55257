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
    public GmilFit {
        if (passes < 1 || batch < 1 || starts < 1 || meanPasses < 0 || linearPasses < 0) {
            throw new IllegalArgumentException(
                    "fit: expected passes, batch and starts >= 1, meanPasses and linearPasses >= 0, got " + passes
                            + ", " + batch + ", " + starts + ", " + meanPasses + ", " + linearPasses);
        }
    }

    /** 2 passes of mean pooling, 2 linearised, the others sampled, 64 bags per step, fresh noise. */
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

    /** Fits these bags from the prior. */
    public Posterior fit(List<LabelledBag> bags, ModelSpec spec, FeatureScaler scaler) {
        Run best = new Run(bags, spec, scaler, 0);
        if (starts > 1) {
            int half = Math.min(passes, Math.max(linearPasses + 2, passes / 2));
            best.advance(half);
            double bound = best.bound();
            for (int start = 1; start < starts; start++) {
                Run other = new Run(bags, spec, scaler, start);
                other.advance(half);
                double otherBound = other.bound();
                if (otherBound > bound) {
                    best = other;
                    bound = otherBound;
                }
            }
        }
        best.advance(passes);
        best.posterior.widen(bags, scaler, seed * 0x632BE59BD9B4E019L - 1);
        return best.posterior;
    }

    /** One start and how far it is. */
    private final class Run {
        private final List<LabelledBag> bags;
        private final FeatureScaler scaler;
        private final Posterior posterior;
        private final SiteEngine engine;
        private final Site[] sites;
        private final Random random = new Random(BaseNoise.mix(seed));
        private int[] order;
        private long steps;
        private int pass;

        Run(List<LabelledBag> bags, ModelSpec spec, FeatureScaler scaler, int start) {
            this.bags = bags;
            this.scaler = scaler;
            this.posterior = new Posterior(spec);
            this.engine = new SiteEngine(spec, scaler, LinearAlgebra.forCells());
            this.sites = new Site[bags.size()];
            this.order = permutation(bags.size(), random);
            if (start > 0) {
                posterior.scatter(BaseNoise.mix(seed) + start);
            }
        }

        void advance(int toPass) {
            int batches = (bags.size() + batch - 1) / batch;
            for (; pass < toPass; pass++) {
                posterior.phase(phase(pass));
                if (pass > 0 && !fixedNoise) {
                    order = permutation(bags.size(), random);
                }
                for (int b : permutation(batches, random)) {
                    visit(b, fixedNoise ? b : steps);
                    posterior.step();
                    steps++;
                }
            }
        }

        double bound() {
            return Elbo.of(posterior, bags, scaler, BaseNoise.mix(seed));
        }

        private void visit(int index, long noiseSeed) {
            int from = index * batch;
            int to = Math.min(from + batch, order.length);
            List<LabelledBag> minibatch = new ArrayList<>(to - from);
            for (int i = from; i < to; i++) {
                minibatch.add(bags.get(order[i]));
            }
            Site[] fresh = engine.sites(minibatch, posterior.snapshot(0, 0), noiseSeed + seed * 0x632BE59BD9B4E019L);
            for (int i = from; i < to; i++) {
                posterior.change(sites[order[i]], fresh[i - from]);
                sites[order[i]] = fresh[i - from];
            }
        }
    }

    private Phase phase(int pass) {
        if (pass < meanPasses || !attention) {
            return Phase.MEAN_POOLING;
        }
        return pass < linearPasses ? Phase.LINEARISED : Phase.SAMPLED;
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
