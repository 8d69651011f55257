package io.gmil.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The stored form of a {@link Posterior}, little-endian. Version 1:
 *
 * <pre>
 * int magic "GMPO", int version, int Q, int K, int phase, int labelled bags, long steps,
 * double path length, double σ_γ², double σ_β², double[D] m, double[D] r,
 * double[D(D+1)/2] Σ H, double[D(D+1)/2] L⁻¹     lower triangles by rows
 * </pre>
 */
final class PosteriorBytes {
    private static final int MAGIC = 0x4F504D47;
    private static final int VERSION = 1;
    private static final int HEADER = 6 * Integer.BYTES + Long.BYTES + 3 * Double.BYTES;

    private PosteriorBytes() {}

    static byte[] write(Posterior p) {
        int d = p.mean.length;
        ByteBuffer out = ByteBuffer.allocate(size(d)).order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(MAGIC).putInt(VERSION).putInt(p.spec.width()).putInt(p.spec.fixedEffects());
        out.putInt(p.phase.code()).putInt(p.labelledBags).putLong(p.steps);
        out.putDouble(p.pathLength).putDouble(p.sigma2Gamma).putDouble(p.sigma2Beta);
        for (double value : p.mean) {
            out.putDouble(value);
        }
        for (double value : p.sum.shift()) {
            out.putDouble(value);
        }
        putTriangle(out, p.sum.precision(), d);
        putTriangle(out, p.inverseCholesky, d);
        return out.array();
    }

    static Posterior read(byte[] bytes, ModelSpec spec) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        expect("length of at least " + HEADER, bytes.length >= HEADER, bytes.length);
        expect("magic " + MAGIC, in.getInt(0) == MAGIC, in.getInt(0));
        in.getInt();
        int version = in.getInt();
        expect("version " + VERSION, version == VERSION, version);
        int width = in.getInt();
        expect("width " + spec.width() + " of the model", width == spec.width(), width);
        int fixedEffects = in.getInt();
        expect(
                "fixed effects " + spec.fixedEffects() + " of the model",
                fixedEffects == spec.fixedEffects(),
                fixedEffects);
        int size = size(spec.dimension());
        expect("length " + size, bytes.length == size, bytes.length);
        return readVersion1(in, spec);
    }

    private static Posterior readVersion1(ByteBuffer in, ModelSpec spec) {
        Posterior p = new Posterior(spec);
        int d = spec.dimension();
        p.phase = Phase.of(in.getInt());
        p.labelledBags = in.getInt();
        p.steps = in.getLong();
        p.pathLength = in.getDouble();
        p.sigma2Gamma = in.getDouble();
        p.sigma2Beta = in.getDouble();
        for (int i = 0; i < d; i++) {
            p.mean[i] = in.getDouble();
        }
        for (int i = 0; i < d; i++) {
            p.sum.shift()[i] = in.getDouble();
        }
        getTriangle(in, p.sum.precision(), d);
        getTriangle(in, p.inverseCholesky, d);
        return p;
    }

    private static int size(int d) {
        return Math.toIntExact(HEADER + Double.BYTES * (2L * d + (long) d * (d + 1)));
    }

    private static void putTriangle(ByteBuffer out, double[] a, int d) {
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                out.putDouble(a[i * d + j]);
            }
        }
    }

    private static void getTriangle(ByteBuffer in, double[] a, int d) {
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                a[i * d + j] = in.getDouble();
            }
        }
    }

    private static void expect(String what, boolean holds, int got) {
        if (!holds) {
            throw new IllegalArgumentException("stored posterior: expected " + what + ", got " + got);
        }
    }
}
