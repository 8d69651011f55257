package io.gmil.model;

import java.util.Arrays;

/**
 * Σ e₁ ∂²η of one head over bags and draws. With the moments of a bag under its attention weights,
 *
 * <pre>
 * ∂²η/∂γ∂γᵀ = Σ w (t − u)(x − z)(x − z)ᵀ = Σ w (t − u) x xᵀ − g zᵀ − z gᵀ
 * ∂²η/∂γ∂βᵀ = Σ w (x − z)(x − z)ᵀ        = Σ w x xᵀ − z zᵀ
 * </pre>
 *
 * <p>and nothing else. In raw features; scaled when written.
 */
final class HeadCurvature {
    private final int width;
    private final int draws;
    private final SiteSum gammaGamma;
    private final SiteSum gammaBeta;
    private final double[] sum;
    private double[] both = new double[0];
    private double[] centred = new double[0];

    HeadCurvature(int width, int draws) {
        this.width = width;
        this.draws = draws;
        this.gammaGamma = new SiteSum(width, new EjmlAlgebra());
        this.gammaBeta = new SiteSum(width, new EjmlAlgebra());
        this.sum = new double[width];
    }

    /**
     * Adds a bag.
     *
     * @param scores index of e₁ at the first draw
     * @param first pair of the first draw
     * @param statistics z of every pair, then g of every pair (2P × Q)
     */
    void add(SecondOrder at, int scores, int first, double[] statistics, int cells) {
        addCells(at, scores, first, cells);
        for (int s = 0; s < draws; s++) {
            int pair = first + s * at.stride();
            int z = pair * width;
            int g = (pair + at.pairs()) * width;
            for (int q = 0; q < width; q++) {
                sum[q] = statistics[z + q] + statistics[g + q];
            }
            double score = at.score(scores + s);
            gammaBeta.add(statistics, z, -score);
            // −g zᵀ − z gᵀ = −(g + z)(g + z)ᵀ + g gᵀ + z zᵀ
            gammaGamma.add(sum, 0, -score);
            gammaGamma.add(statistics, g, score);
            gammaGamma.add(statistics, z, score);
        }
    }

    private void addCells(SecondOrder at, int scores, int first, int cells) {
        if (both.length < cells) {
            both = new double[cells];
            centred = new double[cells];
        }
        Arrays.fill(both, 0, cells, 0);
        Arrays.fill(centred, 0, cells, 0);
        for (int s = 0; s < draws; s++) {
            int pair = first + s * at.stride();
            double score = at.score(scores + s);
            for (int i = 0; i < cells; i++) {
                both[i] += score * at.weight(i, pair);
                centred[i] += score * at.weightedT(i, pair);
            }
        }
        double[] x = at.cells();
        for (int i = 0; i < cells; i++) {
            gammaBeta.add(x, i * width, both[i]);
            gammaGamma.add(x, i * width, centred[i]);
        }
    }

    /** Writes both blocks, the mean over draws in scaled features, into C (D × D). */
    void write(double[] c, int d, int gamma, int beta, double[] inverse) {
        double[] gg = gammaGamma.precision();
        double[] gb = gammaBeta.precision();
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                double scale = inverse[i] * inverse[j] / draws;
                put(c, d, gamma + i, gamma + j, scale * gg[i * width + j]);
                put(c, d, gamma + i, beta + j, scale * gb[i * width + j]);
                put(c, d, gamma + j, beta + i, scale * gb[i * width + j]);
            }
        }
    }

    private static void put(double[] c, int d, int row, int column, double value) {
        c[row * d + column] = value;
        c[column * d + row] = value;
    }
}
