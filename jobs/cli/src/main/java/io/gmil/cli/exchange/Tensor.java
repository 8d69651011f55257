package io.gmil.cli.exchange;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An array of numbers as files hold it; float32 is widened.
 *
 * @param shape lengths of its dimensions; none for a single number
 * @param values in C order
 */
@SuppressWarnings("ArrayRecordComponent") // a carrier, never compared
record Tensor(int[] shape, double[] values) {

    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 8;

    Tensor {
        if (size(shape) != values.length) {
            throw new IllegalArgumentException(
                    "tensor of shape " + Arrays.toString(shape) + ": got " + values.length + " values");
        }
    }

    /** A tensor of this shape. */
    static Tensor of(double[] values, int... shape) {
        return new Tensor(shape, values);
    }

    /** Product of the dimensions, −1 where a dimension is negative or the product too large for memory. */
    static long size(int[] shape) {
        long size = 1;
        for (int length : shape) {
            if (length < 0) {
                return -1;
            }
            size *= length;
            if (size > LONGEST_ARRAY) {
                return -1;
            }
        }
        return size;
    }

    /** Reads so many little-endian numbers of 4 or 8 bytes from where the buffer is. */
    static double[] decode(ByteBuffer bytes, int count, int width) {
        double[] values = new double[count];
        for (int i = 0; i < count; i++) {
            values[i] = width == Float.BYTES ? bytes.getFloat() : bytes.getDouble();
        }
        return values;
    }

    String shapeText() {
        return Arrays.toString(shape);
    }
}
