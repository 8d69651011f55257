package io.gmil.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * The sites of a wide model as their M rows in place of D × D values, for M up to about D: a step costs O(M³) and O(M D) for
 * each row that has changed, memory is O(M D + M²). The rows stay where they are, in the sites.
 *
 * <p>The row of a site that has left is 0 until another takes its place, which changes nothing: A then has a row of the
 * identity. So rows keep their index, and as long as nothing but sites' values change so does their base noise.
 */
final class SiteRows implements SiteTotal {
    /** M grows in these steps, so that a step seldom needs matrices of another size than the last. */
    private static final int GROWTH = 64;

    /** A site and the indices of its rows. */
    @SuppressWarnings("ArrayRecordComponent") // shared, never compared
    record Kept(double[] values, int[] indices) {}

    private final int[] blocks;
    private final int d;
    private final double[] shift;
    private final List<Kept> sites = new ArrayList<>();
    private final BitSet used = new BitSet();
    private final BitSet changed = new BitSet();
    private double[][] values = new double[0][];
    private int[] offsets = new int[0];
    private double residual;
    private RowGrams grams;

    /** @param blocks see {@link ModelSpec#blocks()} */
    SiteRows(int[] blocks) {
        this.blocks = blocks;
        this.d = blocks[blocks.length - 1];
        this.shift = new double[d];
    }

    @Override
    public boolean holdsSites() {
        return true;
    }

    /** @throws IllegalArgumentException if a site is taken away that is not there */
    @Override
    public void add(Site site, double sign) {
        if (site.dimension() != d) {
            throw new IllegalArgumentException("site: expected dimension " + d + ", got " + site.dimension());
        }
        if (sign < 0) {
            remove(site);
        } else {
            int[] indices = new int[site.rank()];
            for (int k = 0, next = 0; k < indices.length; k++, next++) {
                next = used.nextClearBit(next);
                indices[k] = next;
            }
            put(site.rows(), indices);
        }
        Triangular.axpy(sign, site.shift(), 0, shift, 0, d);
        residual += sign * site.residual();
    }

    private void remove(Site site) {
        for (int n = 0; n < sites.size(); n++) {
            Kept kept = sites.get(n);
            // By value too: a site that has been stored and read again is another object.
            if (kept.values == site.rows() || Arrays.equals(kept.values, site.rows())) {
                for (int index : kept.indices) {
                    used.clear(index);
                    changed.set(index);
                    values[index] = null;
                    offsets[index] = 0;
                }
                sites.remove(n);
                return;
            }
        }
        throw new IllegalArgumentException(
                "site to take away: expected one of the " + sites.size() + " added, got none");
    }

    /** Adds the rows of a site at these indices; the shift is the caller's. */
    void put(double[] rows, int[] indices) {
        int most = Arrays.stream(indices).max().orElseThrow();
        if (most >= values.length) {
            reserve((most / GROWTH + 1) * GROWTH);
        }
        for (int k = 0; k < indices.length; k++) {
            used.set(indices[k]);
            changed.set(indices[k]);
            values[indices[k]] = rows;
            offsets[indices[k]] = k * d;
        }
        sites.add(new Kept(rows, indices));
    }

    /** Makes room for so many rows. */
    void reserve(int count) {
        changed.set(values.length, count);
        values = Arrays.copyOf(values, count);
        offsets = Arrays.copyOf(offsets, count);
    }

    /** As they are now; later changes do not show. */
    Rows rows() {
        return new Rows(d, values.clone(), offsets.clone());
    }

    /** All sites, in no order. */
    List<Kept> sites() {
        return sites;
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
    public double[] diagonal() {
        return rows().squares();
    }

    @Override
    public SiteRows copy() {
        SiteRows copy = new SiteRows(blocks);
        copy.reserve(values.length);
        sites.forEach(site -> copy.put(site.values, site.indices));
        System.arraycopy(shift, 0, copy.shift, 0, d);
        copy.residual = residual;
        return copy;
    }

    @Override
    public void clear() {
        sites.clear();
        used.clear();
        changed.clear();
        values = new double[0][];
        offsets = new int[0];
        grams = null;
        residual = 0;
        Arrays.fill(shift, 0);
    }

    @Override
    public Precision precision(double[] prior, double noise) {
        double[] byBlock = byBlock(prior);
        Rows rows = rows();
        if (grams == null) {
            grams = new RowGrams(blocks);
        }
        grams.update(rows, changed.stream().toArray());
        changed.clear();
        double[] cholesky = grams.cholesky(rows, byBlock, noise);
        return cholesky == null ? null : new Factorised(byBlock, noise, rows, cholesky);
    }

    private double[] byBlock(double[] prior) {
        double[] byBlock = new double[blocks.length - 1];
        for (int b = 0; b < byBlock.length; b++) {
            byBlock[b] = prior[Math.min(blocks[b], d - 1)];
        }
        return byBlock;
    }

    @Override
    public WholeFactor independent(double[] precision) {
        return DiagonalFactor.of(blocks, precision);
    }

    /** Σ H where the rows have become more than the parameters. */
    @Override
    public SiteTotal suited(ModelSpec spec) {
        if (used.cardinality() <= d || d > DENSE_AT_MOST || spec.covariance() == ModelSpec.Covariance.LOW_RANK) {
            return this;
        }
        SiteSum sum = new SiteSum(blocks, LinearAlgebra.forDimension(d));
        used.stream().forEach(index -> sum.add(values[index], offsets[index], 1));
        System.arraycopy(shift, 0, sum.shift(), 0, d);
        sum.residual(residual);
        return sum;
    }

    /** Before any other change of the sites. */
    private final class Factorised implements Precision {
        private final RowFactor factor;

        Factorised(double[] prior, double noise, Rows rows, double[] cholesky) {
            factor = new RowFactor(blocks, prior, noise, rows, cholesky, null);
        }

        @Override
        public void solve(double[] x) {
            factor.times(x);
        }

        @Override
        public double squaredNorm(double[] x) {
            return factor.squaredNorm(x);
        }

        @Override
        public WholeFactor covariance(boolean traces) {
            return traces ? factor.withTraces(grams) : factor;
        }
    }
}
