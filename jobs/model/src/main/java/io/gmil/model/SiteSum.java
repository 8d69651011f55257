package io.gmil.model;

import java.util.Arrays;

/**
 * Σ H_n and Σ h_n over sites, in double. Rows wait in a buffer, so that a wide model adds many sites in one product; a
 * removed site is its rows with sign −1, so adding and removing a site cancel but for rounding.
 */
final class SiteSum implements SiteTotal {
    private static final int BUFFERED_ROWS = 256;

    /** Half a buffer. Fewer rows of a small model stay in Java; a full one is 5 times as fast native at D = 61. */
    private static final int WORTH_A_NATIVE_PRODUCT = 128;

    /** The dimension from which any number of rows is added by the library. */
    private static final int WIDE = 128;

    private final int[] blocks;
    private final int d;
    private final LinearAlgebra algebra;
    private final LinearAlgebra fewRows;
    private final double[] precision;
    private final double[] shift;
    private double residual;
    private final double[] rows;
    private final double[] signs = new double[BUFFERED_ROWS];
    private int buffered;

    /** For many rows; made when it is first needed. */
    private LinearAlgebra manyRows;

    /** Σ H alone. */
    SiteSum(int dimension, LinearAlgebra algebra) {
        this(new int[] {0, dimension}, algebra);
    }

    /** @param modelBlocks see {@link ModelSpec#blocks()} */
    SiteSum(int[] modelBlocks, LinearAlgebra algebra) {
        int dimension = modelBlocks[modelBlocks.length - 1];
        this.blocks = modelBlocks;
        this.d = dimension;
        this.algebra = algebra;
        this.fewRows = dimension < WIDE ? new EjmlAlgebra() : algebra;
        this.precision = new double[dimension * dimension];
        this.shift = new double[dimension];
        this.rows = new double[BUFFERED_ROWS * dimension];
    }

    @Override
    public void add(Site site, double sign) {
        if (site.dimension() != d) {
            throw new IllegalArgumentException("site: expected dimension " + d + ", got " + site.dimension());
        }
        for (int k = 0; k < site.rank(); k++) {
            if (buffered == BUFFERED_ROWS) {
                flush();
            }
            System.arraycopy(site.rows(), k * d, rows, buffered * d, d);
            signs[buffered++] = sign;
        }
        Triangular.axpy(sign, site.shift(), 0, shift, 0, d);
        residual += sign * site.residual();
    }

    @Override
    public boolean holdsSites() {
        return false;
    }

    /** Adds weight · x xᵀ to the precision, x a row of width D from {@code at}; the weight may be negative. */
    void add(double[] values, int at, double weight) {
        if (buffered == BUFFERED_ROWS) {
            flush();
        }
        double root = Math.sqrt(Math.abs(weight));
        for (int i = 0, to = buffered * d; i < d; i++) {
            rows[to + i] = root * values[at + i];
        }
        signs[buffered++] = weight < 0 ? -1 : 1;
    }

    private void flush() {
        if (buffered > 0) {
            product().addOuterProducts(rows, signs, buffered, d, precision);
            buffered = 0;
        }
    }

    private LinearAlgebra product() {
        if (buffered < WORTH_A_NATIVE_PRODUCT) {
            return fewRows;
        }
        if (manyRows == null) {
            manyRows = algebra instanceof Nd4jAlgebra ? algebra : LinearAlgebra.forCells();
        }
        return manyRows;
    }

    /** Σ H (D × D); only the lower triangle counts. */
    double[] precision() {
        flush();
        return precision;
    }

    @Override
    public double[] diagonal() {
        double[] sums = precision();
        double[] diagonal = new double[d];
        for (int i = 0; i < d; i++) {
            diagonal[i] = sums[i * d + i];
        }
        return diagonal;
    }

    @Override
    public double[] shift() {
        return shift;
    }

    @Override
    public double residual() {
        return residual;
    }

    @Override
    public void residual(double sum) {
        residual = sum;
    }

    @Override
    public SiteSum copy() {
        SiteSum copy = new SiteSum(blocks, algebra);
        System.arraycopy(precision(), 0, copy.precision, 0, precision.length);
        System.arraycopy(shift, 0, copy.shift, 0, d);
        copy.residual = residual;
        return copy;
    }

    @Override
    public void clear() {
        buffered = 0;
        residual = 0;
        Arrays.fill(precision, 0);
        Arrays.fill(shift, 0);
    }

    @Override
    public Precision precision(double[] prior, double noise) {
        double[] l = precision().clone();
        if (noise != 1) {
            for (int i = 0; i < l.length; i++) {
                l[i] /= noise;
            }
        }
        for (int i = 0; i < d; i++) {
            l[i * d + i] += prior[i];
        }
        return algebra.cholesky(l, d) ? new Factorised(l) : null;
    }

    @Override
    public WholeFactor independent(double[] components) {
        return DenseFactor.diagonal(blocks, components);
    }

    private final class Factorised implements Precision {
        private final double[] l;

        Factorised(double[] cholesky) {
            l = cholesky;
        }

        @Override
        public void solve(double[] x) {
            Triangular.solve(l, d, x);
            Triangular.solveTransposed(l, d, x);
        }

        @Override
        public double squaredNorm(double[] x) {
            return Triangular.squaredNormOfTransposed(l, d, x, new double[d]);
        }

        @Override
        public WholeFactor covariance(boolean traces) {
            algebra.invertLower(l, d);
            return new DenseFactor(blocks, l);
        }
    }
}
