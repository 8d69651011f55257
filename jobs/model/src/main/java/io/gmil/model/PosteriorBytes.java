package io.gmil.model;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The stored form of a {@link Posterior}, little-endian. Version 2:
 *
 * <pre>
 * int magic "GMPO", int version, int Q, int K, int R, int H, int phase, int labelled bags, long steps,
 * double path length, double σ_γ², double σ_β², double σ_b², double σ², double Σ E[(y − η)²],
 * double[D] m, double[D] r, double[D(D+1)/2] Σ H, double[D(D+1)/2] L⁻¹     lower triangles by rows
 * </pre>
 *
 * <p>Version 1 had neither R and H, which were 0 and 1, nor σ_b², σ² and the residuals. Version 3, of a posterior that is held
 * by the rows of its sites, has those in place of the triangles, see {@link RowBytes}.
 */
final class PosteriorBytes {
    private static final int MAGIC = 0x4F504D47;
    private static final int VERSION = 2;
    private static final int VERSION_ROWS = 3;
    private static final int HEADER = 8 * Integer.BYTES + Long.BYTES + 6 * Double.BYTES;
    private static final int HEADER_1 = 6 * Integer.BYTES + Long.BYTES + 3 * Double.BYTES;

    private PosteriorBytes() {}

    static byte[] write(Posterior p) {
        int d = p.mean.length;
        long size = HEADER + 2L * Double.BYTES * d;
        size += p.sum instanceof SiteRows rows ? RowBytes.size(rows, p.factor) : triangles(d);
        if (size > Integer.MAX_VALUE) {
            throw new IllegalStateException("posterior to be stored: expected at most 2 GB, got " + size + " bytes for "
                    + p.labelledBags + " bags and " + d + " parameters; low-rank covariance takes less");
        }
        ByteBuffer out = ByteBuffer.allocate((int) size).order(ByteOrder.LITTLE_ENDIAN);
        ModelSpec.Shape shape = p.spec.shape();
        int version = p.sum instanceof SiteRows ? VERSION_ROWS : VERSION;
        out.putInt(MAGIC).putInt(version).putInt(shape.width()).putInt(shape.fixedEffects());
        out.putInt(shape.randomIntercepts()).putInt(shape.heads());
        out.putInt(p.phase.code()).putInt(p.labelledBags).putLong(p.steps);
        Variances variances = p.variances;
        out.putDouble(p.pathLength).putDouble(variances.gamma()).putDouble(variances.beta());
        out.putDouble(variances.intercept()).putDouble(variances.noise()).putDouble(p.sum.residual());
        put(out, p.mean, 0, d);
        put(out, p.sum.shift(), 0, d);
        if (p.sum instanceof SiteRows rows) {
            RowBytes.write(rows, p.factor, out);
        } else {
            putTriangle(out, ((SiteSum) p.sum).precision(), d);
            putTriangle(out, ((DenseFactor) p.factor).inverse(), d);
        }
        return out.array();
    }

    static Posterior read(byte[] bytes, ModelSpec spec) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        expect("length of at least " + HEADER_1, bytes.length >= HEADER_1, bytes.length);
        expect("magic " + MAGIC, in.getInt(0) == MAGIC, in.getInt(0));
        in.getInt();
        int version = in.getInt();
        expect("version 1 to " + VERSION_ROWS, version >= 1 && version <= VERSION_ROWS, version);
        ModelSpec.Shape shape = spec.shape();
        expectOfModel("width", shape.width(), in.getInt());
        expectOfModel("fixed effects", shape.fixedEffects(), in.getInt());
        expectOfModel("random intercepts", shape.randomIntercepts(), version == 1 ? 0 : in.getInt());
        expectOfModel("heads", shape.heads(), version == 1 ? 1 : in.getInt());
        int d = spec.dimension();
        long size = (version == 1 ? HEADER_1 : HEADER) + 2L * Double.BYTES * d + (version < 3 ? triangles(d) : 0);
        expect(
                version < VERSION_ROWS ? "length " + size : "length of at least " + size,
                version < VERSION_ROWS ? bytes.length == size : bytes.length > size,
                bytes.length);
        try {
            return readState(in, spec, version);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("stored posterior: expected more than " + bytes.length + " bytes", e);
        }
    }

    private static void expectOfModel(String what, int expected, int got) {
        expect(what + " " + expected + " of the model", got == expected, got);
    }

    private static Posterior readState(ByteBuffer in, ModelSpec spec, int version) {
        int d = spec.dimension();
        int[] blocks = spec.blocks();
        Posterior p = new Posterior(
                spec,
                version == VERSION_ROWS ? new SiteRows(blocks) : new SiteSum(blocks, LinearAlgebra.forDimension(d)));
        p.phase = Phase.of(in.getInt());
        p.labelledBags = in.getInt();
        p.steps = in.getLong();
        p.pathLength = in.getDouble();
        double gamma = in.getDouble();
        double beta = in.getDouble();
        p.variances = version == 1
                ? new Variances(gamma, beta, spec.prior().sigma2Intercept(), 1)
                : new Variances(gamma, beta, in.getDouble(), in.getDouble());
        p.sum.residual(version == 1 ? 0 : in.getDouble());
        get(in, p.mean, 0, d);
        get(in, p.sum.shift(), 0, d);
        if (p.sum instanceof SiteRows rows) {
            p.factor = RowBytes.read(in, rows, blocks);
            expect("no more than the posterior", !in.hasRemaining(), in.remaining());
        } else {
            getTriangle(in, ((SiteSum) p.sum).precision(), d);
            double[] inverse = new double[d * d];
            getTriangle(in, inverse, d);
            p.factor = new DenseFactor(blocks, inverse);
        }
        return p;
    }

    private static long triangles(int d) {
        return (long) Double.BYTES * d * (d + 1L);
    }

    static void put(ByteBuffer out, double[] values, int from, int count) {
        out.asDoubleBuffer().put(values, from, count);
        out.position(out.position() + count * Double.BYTES);
    }

    static void get(ByteBuffer in, double[] values, int from, int count) {
        if (in.remaining() < (long) count * Double.BYTES) {
            throw new BufferUnderflowException();
        }
        in.asDoubleBuffer().get(values, from, count);
        in.position(in.position() + count * Double.BYTES);
    }

    static void putTriangle(ByteBuffer out, double[] a, int d) {
        for (int i = 0; i < d; i++) {
            put(out, a, i * d, i + 1);
        }
    }

    static void getTriangle(ByteBuffer in, double[] a, int d) {
        for (int i = 0; i < d; i++) {
            get(in, a, i * d, i + 1);
        }
    }

    static void expect(String what, boolean holds, int got) {
        if (!holds) {
            throw new IllegalArgumentException("stored posterior: expected " + what + ", got " + got);
        }
    }
}
