package io.gmil.stream.saved;

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
    public static String ofBag(String id, float[] values) {
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

    /** Adds a text, told from its neighbours by its length. */
    public void add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, bytes.length));
        digest.update(bytes);
    }

    public void add(double value) {
        digest.update(ByteBuffer.allocate(Double.BYTES).putDouble(0, value));
    }

    /** Adds bytes, such as cells as little-endian float32. */
    public void add(byte[] bytes, int length) {
        digest.update(bytes, 0, length);
    }

    /** What was added so far; begins anew. */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
