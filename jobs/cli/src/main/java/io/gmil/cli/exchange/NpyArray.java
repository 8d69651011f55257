package io.gmil.cli.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's .npy, versions 1 to 3, little-endian:
 *
 * <pre>
 * "\x93NUMPY", major, minor, length of the header (2 bytes, 4 from version 2), header, values
 * </pre>
 *
 * <p>Own code because ND4J's reader takes the header on trust: a cut file yields numbers from beyond its end.
 */
final class NpyArray {

    private static final String MAGIC = "\u0093NUMPY";
    private static final int ALIGNMENT = 64;
    private static final Pattern DESCR = Pattern.compile("['\"]descr['\"]\\s*:\\s*(['\"]([^'\"]*)['\"]|\\[)");
    private static final Pattern ORDER = Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE =
            Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(\\s*((?:\\d{1,9}\\s*,\\s*)*(?:\\d{1,9})?)\\s*\\)");

    /** Something wrong: expected, got. */
    static final class Malformed extends Exception {

        private static final long serialVersionUID = 1L;

        final String expected;

        Malformed(String expected, Object got) {
            super(String.valueOf(got));
            this.expected = expected;
        }
    }

    private final ByteBuffer bytes;
    private final String header;

    /** Reads the header of the array; the values are read when they are asked for. */
    NpyArray(byte[] npy) throws Malformed {
        bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
        int most = Math.min(npy.length, MAGIC.length());
        if (!new String(npy, 0, most, ISO_8859_1).equals(MAGIC)) {
            throw new Malformed("an array that begins with \\x93NUMPY", "other bytes");
        }
        require(npy.length >= 12, "a header", npy.length + " bytes");
        int version = npy[6];
        require(version >= 1 && version <= 3, "version 1 to 3", version);
        long length = version == 1 ? bytes.getChar(8) : Integer.toUnsignedLong(bytes.getInt(8));
        int at = version == 1 ? 10 : 12;
        require(at + length <= npy.length, "a header of " + length + " bytes", npy.length - at);
        header = new String(npy, at, (int) length, ISO_8859_1);
        bytes.position(at + (int) length);
    }

    private static void require(boolean holds, String expected, Object got) throws Malformed {
        if (!holds) {
            throw new Malformed(expected, got);
        }
    }

    private String field(Pattern pattern, String name, int group) throws Malformed {
        Matcher matcher = pattern.matcher(header);
        require(matcher.find(), "'" + name + "' in the header", header.strip());
        return matcher.group(group);
    }

    /** NumPy's name of the element type, such as {@code <f4}. */
    String type() throws Malformed {
        String type = field(DESCR, "descr", 2);
        return type == null ? "records" : type;
    }

    boolean isReal() throws Malformed {
        return type().equals("<f4") || type().equals("<f8");
    }

    /** The values of an array of reals, in C order. */
    Tensor tensor() throws Malformed {
        int width = type().charAt(2) - '0';
        String dimensions = field(SHAPE, "shape", 1);
        int[] shape = Pattern.compile(",")
                .splitAsStream(dimensions)
                .map(String::strip)
                .filter(length -> !length.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        long size = Tensor.size(shape);
        require(size >= 0, "a shape that fits into memory", Arrays.toString(shape));
        require(
                size * width == bytes.remaining(),
                size * width + " bytes of values for shape " + Arrays.toString(shape),
                bytes.remaining());
        boolean fortran = field(ORDER, "fortran_order", 1).equals("True");
        double[] values = Tensor.decode(bytes, (int) size, width);
        return new Tensor(shape, fortran ? cOrder(values, shape) : values);
    }

    /** Values whose first index runs fastest, with the last one running fastest. */
    private static double[] cOrder(double[] values, int[] shape) {
        double[] ordered = new double[values.length];
        int[] index = new int[shape.length];
        for (double value : values) {
            int at = 0;
            for (int k = 0; k < shape.length; k++) {
                at = at * shape[k] + index[k];
            }
            ordered[at] = value;
            for (int k = 0; k < shape.length && ++index[k] == shape[k]; k++) {
                index[k] = 0;
            }
        }
        return ordered;
    }

    /** A tensor as version 1, float64 in C order. */
    static byte[] write(Tensor tensor) {
        String shape =
                Arrays.stream(tensor.shape()).mapToObj(length -> length + ",").collect(Collectors.joining(" "));
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + shape + "), }";
        int unpadded = 10 + header.length() + 1;
        int begin = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        String padded = header + " ".repeat(begin - unpadded) + "\n";
        ByteBuffer out = ByteBuffer.allocate(begin + Double.BYTES * tensor.values().length)
                .order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC.getBytes(ISO_8859_1)).put((byte) 1).put((byte) 0).putChar((char) padded.length());
        out.put(padded.getBytes(ISO_8859_1));
        for (double value : tensor.values()) {
            out.putDouble(value);
        }
        return out.array();
    }
}
