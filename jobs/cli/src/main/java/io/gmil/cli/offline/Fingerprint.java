package io.gmil.cli.offline;

import io.gmil.cohort.Sample;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of what was read, not of the file it was in: a .csv and an .h5ad of the same cells have the same. */
public final class Fingerprint {

    private static final int BLOCK = 1 << 14;

    private final MessageDigest digest = sha256();

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    /** Of a sample's name and cells (rows × Q), in 64 hexadecimal digits. */
    static String ofBag(String id, float[] values) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.add(id);
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += BLOCK) {
            int count = Math.min(BLOCK, values.length - from);
            bytes.clear();
            bytes.asFloatBuffer().put(values, from, count);
            fingerprint.digest.update(bytes.limit(count * Float.BYTES));
        }
        return fingerprint.hex();
    }

    /** Of these bytes as they are. */
    public static String ofBytes(byte[] bytes) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.digest.update(bytes);
        return fingerprint.hex();
    }

    /** Adds a learnt sample: its cells by their own fingerprint, its label and covariates. */
    void add(Sample sample, String ofBag) {
        add(ofBag);
        add(sample.label().orElseThrow());
        for (double covariate : sample.covariates()) {
            add(covariate);
        }
    }

    /** Adds a text, told from its neighbours by its length. */
    void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    void add(double value) {
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(0, value));
    }

    /** What was added so far; begins anew. */
    String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
