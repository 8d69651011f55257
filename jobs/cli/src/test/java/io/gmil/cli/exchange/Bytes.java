package io.gmil.cli.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Files as other programs write them, and as they should not be. */
final class Bytes {

    private Bytes() {}

    /** An array as NumPy writes it. */
    static byte[] npy(int version, String descr, boolean fortran, String shape, byte[] values) {
        String header = "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': "
                + shape + ", }\n";
        ByteBuffer out =
                ByteBuffer.allocate(12 + header.length() + values.length).order(ByteOrder.LITTLE_ENDIAN);
        out.put("\u0093NUMPY".getBytes(ISO_8859_1)).put((byte) version).put((byte) 0);
        if (version == 1) {
            out.putChar((char) header.length());
        } else {
            out.putInt(header.length());
        }
        out.put(header.getBytes(ISO_8859_1)).put(values);
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }

    static byte[] doubles(double... values) {
        ByteBuffer out = ByteBuffer.wrap(new byte[8 * values.length]).order(ByteOrder.LITTLE_ENDIAN);
        out.asDoubleBuffer().put(values);
        return out.array();
    }

    static byte[] floats(float... values) {
        ByteBuffer out = ByteBuffer.wrap(new byte[4 * values.length]).order(ByteOrder.LITTLE_ENDIAN);
        out.asFloatBuffer().put(values);
        return out.array();
    }

    /** A zip of pairs of name and bytes. */
    static Path zip(Path file, Object... members) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < members.length; i += 2) {
                zip.putNextEntry(new ZipEntry((String) members[i]));
                zip.write((byte[]) members[i + 1]);
                zip.closeEntry();
            }
        }
        return file;
    }

    /** Length of the header, header, values. */
    static Path safetensors(Path file, String header, byte[] values) throws IOException {
        return withLength(file, header.length(), header, values);
    }

    static Path withLength(Path file, long length, String header, byte[] values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] prefix = new byte[8];
        ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).putLong(length);
        out.write(prefix);
        out.write(header.getBytes(UTF_8));
        out.write(values);
        return Files.write(file, out.toByteArray());
    }
}
