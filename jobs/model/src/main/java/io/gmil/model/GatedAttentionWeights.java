package io.gmil.model;

import java.util.List;
import java.util.Random;

/**
 * Parameters of {@link GatedAttention} with L hidden units and C linear predictors.
 *
 * @param gates V beside U (Q × 2L, row-major)
 * @param gateOffsets v beside u (2L)
 * @param attention w (L)
 * @param beta β (C × Q, row-major)
 * @param alpha α (C × K, row-major)
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier between trainer and predictor, never compared
record GatedAttentionWeights(double[] gates, double[] gateOffsets, double[] attention, double[] beta, double[] alpha) {

    /** Gates by Glorot and Bengio (2010); β and α start at 0, so that the first prediction is a coin, or a die. */
    static GatedAttentionWeights initial(int width, int hidden, int fixedEffects, int components, long seed) {
        Random random = new Random(BaseNoise.mix(seed));
        return new GatedAttentionWeights(
                normal(random, width * 2 * hidden, Math.sqrt(2.0 / (width + hidden))),
                new double[2 * hidden],
                normal(random, hidden, Math.sqrt(2.0 / (hidden + 1))),
                new double[components * width],
                new double[components * fixedEffects]);
    }

    /** L. */
    int hidden() {
        return attention.length;
    }

    /** Q. */
    int width() {
        return gates.length / gateOffsets.length;
    }

    /** C. */
    int components() {
        return beta.length / width();
    }

    /** K. */
    int fixedEffects() {
        return alpha.length / components();
    }

    /** The same shapes, all 0. */
    GatedAttentionWeights zero() {
        return new GatedAttentionWeights(
                new double[gates.length],
                new double[gateOffsets.length],
                new double[attention.length],
                new double[beta.length],
                new double[alpha.length]);
    }

    GatedAttentionWeights copy() {
        return new GatedAttentionWeights(
                gates.clone(), gateOffsets.clone(), attention.clone(), beta.clone(), alpha.clone());
    }

    /** The arrays themselves, in the order of the record. */
    List<double[]> arrays() {
        return List.of(gates, gateOffsets, attention, beta, alpha);
    }

    private static double[] normal(Random random, int count, double sd) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = sd * random.nextGaussian();
        }
        return values;
    }
}
