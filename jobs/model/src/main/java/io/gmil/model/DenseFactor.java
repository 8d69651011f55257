package io.gmil.model;

import java.util.Arrays;

/**
 * S = L⁻ᵀL⁻¹ by the inverse Cholesky factor of Λ = L Lᵀ, not packed.
 *
 * @param blocks see {@link ModelSpec#blocks()}
 * @param inverse L⁻¹ (D × D) on the lower triangle, the upper one undefined; not to be written
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never compared
record DenseFactor(int[] blocks, double[] inverse) implements WholeFactor {
    /** S of independent components. */
    static DenseFactor diagonal(int[] blocks, double[] precision) {
        int d = precision.length;
        double[] inverse = new double[d * d];
        for (int i = 0; i < d; i++) {
            inverse[i * d + i] = 1 / Math.sqrt(precision[i]);
        }
        return new DenseFactor(blocks, inverse);
    }

    @Override
    public int dimension() {
        return blocks[blocks.length - 1];
    }

    @Override
    public int noise() {
        return dimension();
    }

    /** |L⁻¹J|². */
    @Override
    public double variance(double[] jacobian) {
        return Triangular.squaredNormOfSquare(inverse, dimension(), jacobian);
    }

    @Override
    public QuadraticForm quadraticForm() {
        return dimension() > EXACT_LIMIT ? this::variance : new ColumnForm(inverse, dimension(), false);
    }

    /** L⁻ᵀε, in one pass over the factor, which may be larger than the caches. */
    @Override
    public void deviate(double[] noise, int count, double[] out) {
        int d = dimension();
        Arrays.fill(out, 0, count * d, 0);
        for (int i = 0; i < d; i++) {
            for (int s = 0; s < count; s++) {
                Triangular.axpy(noise[s * d + i], inverse, i * d, out, s * d, i + 1);
            }
        }
    }

    @Override
    public double[] traces() {
        int d = dimension();
        double[] diagonal = new double[d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double value = inverse[i * d + j];
                diagonal[j] += value * value;
            }
        }
        return DiagonalFactor.sums(diagonal, blocks);
    }

    @Override
    public double[] covariance() {
        int d = dimension();
        double[] s = new double[d * d];
        for (int row = 0; row < d; row++) {
            for (int i = 0; i <= row; i++) {
                Triangular.axpy(inverse[row * d + i], inverse, row * d, s, i * d, row + 1);
            }
        }
        return s;
    }

    @Override
    public double logDeterminant() {
        int d = dimension();
        double sum = 0;
        for (int i = 0; i < d; i++) {
            sum += 2 * Math.log(inverse[i * d + i]);
        }
        return sum;
    }

    /** The form that is published. */
    ExactFactor packed() {
        return new ExactFactor(dimension(), Triangular.pack(inverse, dimension()));
    }

    /** factor · S. */
    DenseFactor times(double factor) {
        double root = Math.sqrt(factor);
        return new DenseFactor(
                blocks, Arrays.stream(inverse).map(value -> value * root).toArray());
    }
}
