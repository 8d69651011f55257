package io.gmil.model;

/**
 * S of independent components, for models too wide for D × D values.
 *
 * @param blocks see {@link ModelSpec#blocks()}
 * @param deviations √S_ii (D); not to be written
 */
@SuppressWarnings("ArrayRecordComponent") // shared, never compared
record DiagonalFactor(int[] blocks, double[] deviations) implements WholeFactor {
    static DiagonalFactor of(int[] blocks, double[] precision) {
        double[] deviations = new double[precision.length];
        for (int i = 0; i < deviations.length; i++) {
            deviations[i] = 1 / Math.sqrt(precision[i]);
        }
        return new DiagonalFactor(blocks, deviations);
    }

    @Override
    public int dimension() {
        return deviations.length;
    }

    @Override
    public int noise() {
        return deviations.length;
    }

    @Override
    public double variance(double[] jacobian) {
        double sum = 0;
        for (int i = 0; i < deviations.length; i++) {
            double value = deviations[i] * jacobian[i];
            sum += value * value;
        }
        return sum;
    }

    @Override
    public void deviate(double[] noise, int count, double[] out) {
        for (int i = 0; i < count * deviations.length; i++) {
            out[i] = noise[i] * deviations[i % deviations.length];
        }
    }

    @Override
    public double[] traces() {
        double[] diagonal = new double[deviations.length];
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = deviations[i] * deviations[i];
        }
        return sums(diagonal, blocks);
    }

    @Override
    public double[] covariance() {
        int d = deviations.length;
        double[] s = new double[d * d];
        for (int i = 0; i < d; i++) {
            s[i * d + i] = deviations[i] * deviations[i];
        }
        return s;
    }

    @Override
    public double logDeterminant() {
        double sum = 0;
        for (double deviation : deviations) {
            sum += 2 * Math.log(deviation);
        }
        return sum;
    }

    /** Sums over the blocks. */
    static double[] sums(double[] diagonal, int[] blocks) {
        double[] sums = new double[blocks.length - 1];
        for (int b = 0; b < sums.length; b++) {
            for (int i = blocks[b]; i < blocks[b + 1]; i++) {
                sums[b] += diagonal[i];
            }
        }
        return sums;
    }
}
