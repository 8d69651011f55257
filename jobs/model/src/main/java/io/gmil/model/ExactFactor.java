package io.gmil.model;

import java.util.Arrays;

/**
 * S = L⁻ᵀL⁻¹ by the inverse Cholesky factor of Λ = L Lᵀ.
 *
 * @param dimension D
 * @param packed lower triangle of L⁻¹ by rows: (0,0), (1,0), (1,1), (2,0) …; not to be written
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never compared
public record ExactFactor(int dimension, double[] packed) implements Factor {
    public ExactFactor {
        long expected = (long) dimension * (dimension + 1) / 2;
        if (dimension < 1 || packed.length != expected) {
            throw new IllegalArgumentException(
                    "factor of dimension " + dimension + ": expected " + expected + " values, got " + packed.length);
        }
    }

    /** |L⁻¹J|². */
    @Override
    public double variance(double[] jacobian) {
        return Triangular.squaredNormOfProduct(packed, dimension, jacobian);
    }

    @Override
    public QuadraticForm quadraticForm() {
        return new ColumnForm(packed, dimension, true);
    }

    /** m ± L⁻ᵀε. */
    @Override
    public void draws(ModelSpec spec, long noiseSeed, double[] mean, double[] out) {
        int half = spec.draws() / 2;
        double[] noise = BaseNoise.standardNormal(spec.seed(), noiseSeed, half * dimension);
        deviate(mean, noise, half, out);
    }

    /** The draws of given base noise ε (half × D). */
    void deviate(double[] mean, double[] noise, int half, double[] out) {
        double[] deviation = new double[dimension];
        for (int s = 0; s < half; s++) {
            Arrays.fill(deviation, 0);
            for (int i = 0, row = 0; i < dimension; row += ++i) {
                Triangular.axpy(noise[s * dimension + i], packed, row, deviation, 0, i + 1);
            }
            for (int i = 0; i < dimension; i++) {
                out[s * dimension + i] = mean[i] + deviation[i];
                out[(s + half) * dimension + i] = mean[i] - deviation[i];
            }
        }
    }
}
