package io.gmil.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What version 3 of {@link PosteriorBytes} ends with, the sites by their rows and S of the last step; O(M D):
 *
 * <pre>
 * rows: int M', int sites, each: int rank, int[rank] indices below M', double[rank × D] rows
 * S:    int 0, double[D] √S_ii                                                      of independent components
 *       int 1, double[4] Λ₀ by block, double σ², double[M'(M'+1)/2] L of A          of the rows above
 *       int 2, double[4] Λ₀ by block, double σ², rows, double[M(M+1)/2] L of A      of other rows: sites have changed since
 *              rows: int M, each: byte 0 or 1, double[D]                            0: of no site
 * </pre>
 */
final class RowBytes {
    private static final int INDEPENDENT = 0;
    private static final int OF_SITES = 1;
    private static final int OF_OTHERS = 2;

    private RowBytes() {}

    static long size(SiteRows sites, WholeFactor factor) {
        long size = Integer.BYTES + size(sites);
        if (!(factor instanceof RowFactor rows)) {
            return size + (long) Double.BYTES * factor.dimension();
        }
        long m = rows.rows().count();
        size += (long) Double.BYTES * (rows.prior().length + 1 + m * (m + 1) / 2);
        return kind(sites, factor) == OF_SITES ? size : size + size(rows.rows());
    }

    private static long size(SiteRows sites) {
        long size = 2 * Integer.BYTES;
        for (SiteRows.Kept site : sites.sites()) {
            size += Integer.BYTES * (1L + site.indices().length) + (long) Double.BYTES * site.values().length;
        }
        return size;
    }

    private static long size(Rows rows) {
        return Integer.BYTES + (long) rows.count() * (1 + (long) Double.BYTES * rows.dimension());
    }

    private static int kind(SiteRows sites, WholeFactor factor) {
        if (!(factor instanceof RowFactor rows)) {
            return INDEPENDENT;
        }
        return rows.rows().same(sites.rows()) ? OF_SITES : OF_OTHERS;
    }

    static void write(SiteRows sites, WholeFactor factor, ByteBuffer out) {
        out.putInt(sites.rows().count()).putInt(sites.sites().size());
        for (SiteRows.Kept site : sites.sites()) {
            out.putInt(site.indices().length);
            for (int index : site.indices()) {
                out.putInt(index);
            }
            PosteriorBytes.put(out, site.values(), 0, site.values().length);
        }
        int kind = kind(sites, factor);
        out.putInt(kind);
        if (factor instanceof RowFactor rows) {
            write(rows, kind, out);
        } else {
            double[] deviations = ((DiagonalFactor) factor).deviations();
            PosteriorBytes.put(out, deviations, 0, deviations.length);
        }
    }

    private static void write(RowFactor factor, int kind, ByteBuffer out) {
        PosteriorBytes.put(out, factor.prior(), 0, factor.prior().length);
        out.putDouble(factor.noiseVariance());
        if (kind == OF_OTHERS) {
            write(factor.rows(), out);
        }
        PosteriorBytes.putTriangle(out, factor.cholesky(), factor.rows().count());
    }

    private static void write(Rows rows, ByteBuffer out) {
        out.putInt(rows.count());
        double[] zero = new double[rows.dimension()];
        for (int i = 0; i < rows.count(); i++) {
            double[] values = rows.values()[i];
            out.put((byte) (values == null ? 0 : 1));
            PosteriorBytes.put(out, values == null ? zero : values, rows.offsets()[i], rows.dimension());
        }
    }

    /** Fills the empty sites and returns S. */
    static WholeFactor read(ByteBuffer in, SiteRows sites, int[] blocks) {
        int d = blocks[blocks.length - 1];
        int capacity = atMost(in, in.getInt());
        sites.reserve(capacity);
        for (int n = atMost(in, in.getInt()); n > 0; n--) {
            int[] indices = new int[atMost(in, in.getInt())];
            for (int k = 0; k < indices.length; k++) {
                indices[k] = in.getInt();
                PosteriorBytes.expect("row below " + capacity, indices[k] >= 0 && indices[k] < capacity, indices[k]);
            }
            sites.put(values(in, indices.length, d), indices);
        }
        int kind = in.getInt();
        PosteriorBytes.expect("S of kind 0 to 2", kind >= INDEPENDENT && kind <= OF_OTHERS, kind);
        return kind == INDEPENDENT ? new DiagonalFactor(blocks, values(in, 1, d)) : factor(in, sites, blocks, kind);
    }

    private static RowFactor factor(ByteBuffer in, SiteRows sites, int[] blocks, int kind) {
        double[] prior = values(in, 1, blocks.length - 1);
        double noise = in.getDouble();
        Rows rows = kind == OF_SITES ? sites.rows() : rows(in, blocks[blocks.length - 1]);
        int m = rows.count();
        if (in.remaining() < (long) Double.BYTES * m * (m + 1L) / 2) {
            throw new BufferUnderflowException();
        }
        double[] cholesky = new double[m * m];
        PosteriorBytes.getTriangle(in, cholesky, m);
        return new RowFactor(blocks, prior, noise, rows, cholesky, null);
    }

    private static Rows rows(ByteBuffer in, int d) {
        int count = atMost(in, in.getInt());
        double[][] values = new double[count][];
        for (int i = 0; i < count; i++) {
            boolean present = in.get() == 1;
            double[] row = values(in, 1, d);
            values[i] = present ? row : null;
        }
        return new Rows(d, values, new int[count]);
    }

    private static double[] values(ByteBuffer in, int records, int length) {
        if (in.remaining() < (long) records * length * Double.BYTES) {
            throw new BufferUnderflowException();
        }
        double[] values = new double[records * length];
        PosteriorBytes.get(in, values, 0, values.length);
        return values;
    }

    /** A count, each of which takes bytes that are still to come: wrong bytes must not ask for all memory. */
    private static int atMost(ByteBuffer in, int count) {
        PosteriorBytes.expect("a count up to " + in.remaining(), count >= 0 && count <= in.remaining(), count);
        return count;
    }
}
