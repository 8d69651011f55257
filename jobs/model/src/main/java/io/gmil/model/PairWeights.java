package io.gmil.model;

/**
 * Attention weights of the cells of one bag at some of the pairs (γ, β).
 *
 * @param values w of every pair, then w (t − u) of every pair (2P × cells)
 * @param first of these pairs
 * @param count P
 * @param cells of the bag
 */
@SuppressWarnings("ArrayRecordComponent") // an argument, never compared
record PairWeights(double[] values, int first, int count, int cells) {

    /** Adds weight · w of a pair, and weight · w (t − u), to 2 × cells; nothing of a pair that is not here. */
    void add(double weight, int pair, double[] out, int at) {
        int k = pair - first;
        if (k >= 0 && k < count) {
            Triangular.axpy(weight, values, k * cells, out, at, cells);
            Triangular.axpy(weight, values, (k + count) * cells, out, at + cells, cells);
        }
    }
}
