package io.gmil.model;

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
 * <p>Version 1 had neither R and H, which were 0 and 1, nor σ_b², σ² and the residuals.
 */
final class PosteriorBytes {
    private static final int MAGIC = 0x4F504D47;
    private static final int VERSION = 2;
    private static final int HEADER = 8 * Integer.BYTES + Long.BYTES + 6 * Double.BYTES;
    private static final int HEADER_1 = 6 * Integer.BYTES + Long.BYTES + 3 * Double.BYTES;

    private PosteriorBytes() {}

    static byte[] write(Posterior p) {
        int d = p.mean.length;
        ByteBuffer out = ByteBuffer.allocate(size(HEADER, d)).order(ByteOrder.LITTLE_ENDIAN);
        ModelSpec.Shape shape = p.spec.shape();
        out.putInt(MAGIC).putInt(VERSION).putInt(shape.width()).putInt(shape.fixedEffects());
        out.putInt(shape.randomIntercepts()).putInt(shape.heads());
        out.putInt(p.phase.code()).putInt(p.labelledBags).putLong(p.steps);
        Variances variances = p.variances;
        out.putDouble(p.pathLength).putDouble(variances.gamma()).putDouble(variances.beta());
        out.putDouble(variances.intercept()).putDouble(variances.noise()).putDouble(p.sum.residual());
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
        expect("length of at least " + HEADER_1, bytes.length >= HEADER_1, bytes.length);
        expect("magic " + MAGIC, in.getInt(0) == MAGIC, in.getInt(0));
        in.getInt();
        int version = in.getInt();
        expect("version 1 or " + VERSION, version == 1 || version == VERSION, version);
        ModelSpec.Shape shape = spec.shape();
        expectOfModel("width", shape.width(), in.getInt());
        expectOfModel("fixed effects", shape.fixedEffects(), in.getInt());
        expectOfModel("random intercepts", shape.randomIntercepts(), version == 1 ? 0 : in.getInt());
        expectOfModel("heads", shape.heads(), version == 1 ? 1 : in.getInt());
        int size = size(version == 1 ? HEADER_1 : HEADER, spec.dimension());
        expect("length " + size, bytes.length == size, bytes.length);
        return readState(in, spec, version);
    }

    private static void expectOfModel(String what, int expected, int got) {
        expect(what + " " + expected + " of the model", got == expected, got);
    }

    private static Posterior readState(ByteBuffer in, ModelSpec spec, int version) {
        Posterior p = new Posterior(spec);
        int d = spec.dimension();
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

    private static int size(int header, int d) {
        return Math.toIntExact(header + Double.BYTES * (2L * d + (long) d * (d + 1)));
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
