package io.gmil.model;

/**
 * Values of one θ at which bags are swept.
 *
 * @param spec of the posterior they come from
 * @param theta S × D
 * @param count S
 */
@SuppressWarnings("ArrayRecordComponent") // an argument, never compared
record Draws(ModelSpec spec, double[] theta, int count) {
    /** The posterior mean alone. */
    static Draws mean(PosteriorSnapshot q) {
        return new Draws(q.spec(), q.sharedMean(), 1);
    }

    /** Pairs (γ, β): one for each head of each draw. */
    int pairs() {
        return count * spec.heads();
    }

    /** The first pair of a draw, of pairs that begin at {@code from}. */
    int pair(int from, int draw) {
        return from + draw * spec.heads();
    }

    /** η of a bag at a draw. */
    double eta(int draw, LabelledBag bag, SoftmaxSums sums, int from) {
        return fixed(draw, bag) + sums.effect(pair(from, draw), spec.heads());
    }

    private double fixed(int draw, LabelledBag bag) {
        return Triangular.dot(theta, draw * spec.dimension(), bag.fixedEffects(), 0, spec.linear());
    }
}
