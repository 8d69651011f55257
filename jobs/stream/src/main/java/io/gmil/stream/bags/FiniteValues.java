package io.gmil.stream.bags;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks for NaN and infinities in encoded features. Every arriving byte passes here, so it works on the bits. */
final class FiniteValues {

    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    /** All ones in the exponent of a float32 that is no number. */
    private static final int EXPONENT = 0x7F800000;

    private FiniteValues() {}

    /** Position of the first float32 that is not finite, or -1. */
    static int firstFlaw(byte[] values) {
        int floats = values.length / Float.BYTES;
        for (int i = 0; i < floats; i++) {
            if (((int) INTS.get(values, i * Float.BYTES) & EXPONENT) == EXPONENT) {
                return i;
            }
        }
        return -1;
    }
}
