package io.gmil.model;

import org.bytedeco.openblas.global.openblas;

/**
 * Σ e₁ ∂²η of one head of one class over bags and draws. With the moments of a bag under its attention weights,
 *
 * <pre>
 * ∂²η/∂γ∂γᵀ = Σ w (t − u)(x − z)(x − z)ᵀ = Σ w (t − u) x xᵀ − g zᵀ − z gᵀ
 * ∂²η/∂γ∂βᵀ = Σ w (x − z)(x − z)ᵀ        = Σ w x xᵀ − z zᵀ
 * </pre>
 *
 * <p>and nothing else. In raw features; scaled when written. The first terms are those of {@link CellMoments} under the
 * weights that {@link #weigh} writes, the others are gathered here.
 */
final class HeadCurvature {
    private final int width;
    private final int draws;

    /** Pair of the first draw, and the distance between pairs of this head. */
    private final int first;

    private final int stride;

    /** z (S × Q) of one bag; e₁ z, e₁ g (S × 2Q). */
    private final double[] left;

    private final double[] right;
    private final NativeMatrix nativeLeft;
    private final NativeMatrix nativeRight;

    /** Σ e₁ z zᵀ and Σ e₁ g zᵀ, one beside the other (2Q × Q). */
    private final NativeMatrix sums;

    HeadCurvature(int width, int draws, int first, int stride) {
        this.width = width;
        this.draws = draws;
        this.first = first;
        this.stride = stride;
        this.left = new double[draws * width];
        this.right = new double[2 * draws * width];
        this.nativeLeft = new NativeMatrix(width, draws);
        this.nativeRight = new NativeMatrix(2 * width, draws);
        this.sums = new NativeMatrix(2 * width, width);
        sums.put(new double[2 * width * width], 0, 0, 2 * width * width);
    }

    /**
     * Adds Σ_s e₁ w, then Σ_s e₁ w (t − u), of every cell, over the draws whose weights these are.
     *
     * @param scores e₁ of every draw, from {@code score} on
     * @param out 2 × cells at {@code at}
     */
    void weigh(double[] scores, int score, PairWeights weights, double[] out, int at) {
        for (int s = 0; s < draws; s++) {
            weights.add(scores[score + s], first + s * stride, out, at);
        }
    }

    /**
     * Takes in the moments of a bag.
     *
     * @param statistics z of every pair, then g of every pair (2P × Q)
     */
    void add(double[] scores, int score, double[] statistics, int pairs) {
        for (int s = 0; s < draws; s++) {
            int pair = first + s * stride;
            int z = pair * width;
            int g = (pair + pairs) * width;
            double e = scores[score + s];
            int to = 2 * s * width;
            for (int q = 0; q < width; q++) {
                left[s * width + q] = statistics[z + q];
                right[to + q] = e * statistics[z + q];
                right[to + width + q] = e * statistics[g + q];
            }
        }
        nativeLeft.put(left, 0, 0, left.length);
        nativeRight.put(right, 0, 0, right.length);
        openblas.cblas_dgemm(
                openblas.CblasColMajor,
                openblas.CblasNoTrans,
                openblas.CblasTrans,
                2 * width,
                width,
                draws,
                1,
                nativeRight.pointer(),
                2 * width,
                nativeLeft.pointer(),
                width,
                1,
                sums.pointer(),
                2 * width);
    }

    /**
     * Writes both blocks, the mean over draws in scaled features, into C (D × D).
     *
     * @param moments Σ e₁ w x xᵀ, then Σ e₁ w (t − u) x xᵀ, packed, from {@code at} on
     */
    void write(double[] c, int d, int gamma, int beta, double[] moments, int at, double[] inverse) {
        double[] ofDraws = new double[2 * width * width];
        sums.get(ofDraws, ofDraws.length);
        int second = at + width * (width + 1) / 2;
        int next = 0;
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++, next++) {
                double scale = inverse[i] * inverse[j] / draws;
                int ij = 2 * i * width + j;
                int ji = 2 * j * width + i;
                double gb = scale * (moments[at + next] - ofDraws[ij]);
                double gg = scale * (moments[second + next] - ofDraws[ij + width] - ofDraws[ji + width]);
                put(c, d, gamma + i, gamma + j, gg);
                put(c, d, gamma + i, beta + j, gb);
                put(c, d, gamma + j, beta + i, gb);
            }
        }
    }

    private static void put(double[] c, int d, int row, int column, double value) {
        c[row * d + column] = value;
        c[column * d + row] = value;
    }
}
