package io.gmil.cohort;

import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.EnumDataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * How the numbers of an embedding are stored.
 *
 * @param size bytes of one number
 * @param order byte order
 * @param decoder number at a byte position
 */
record ElementType(int size, ByteOrder order, Decoder decoder) {

    /** Reads the number at a byte position. */
    @FunctionalInterface
    interface Decoder {
        double at(ByteBuffer bytes, int position);
    }

    /** The element type, or empty for something that is not a number. */
    static Optional<ElementType> of(DataType type) {
        if (type instanceof FloatingPoint floating) {
            return decoder(floating).map(d -> new ElementType(type.getSize(), floating.getByteOrder(), d));
        }
        if (type instanceof FixedPoint fixed) {
            return decoder(fixed).map(d -> new ElementType(type.getSize(), fixed.getByteOrder(), d));
        }
        return type instanceof EnumDataType logical ? of(logical.getBaseType()) : Optional.empty();
    }

    boolean isFloat32() {
        return decoder == FLOAT32;
    }

    private static final Decoder FLOAT32 = ByteBuffer::getFloat;

    private static Optional<Decoder> decoder(FloatingPoint type) {
        return switch (type.getSize()) {
            case 2 -> Optional.of((bytes, at) -> FloatingPoint.toFloat(bytes.getShort(at)));
            case 4 -> Optional.of(FLOAT32);
            case 8 -> Optional.of(ByteBuffer::getDouble);
            default -> Optional.empty();
        };
    }

    private static Optional<Decoder> decoder(FixedPoint type) {
        boolean signed = type.isSigned();
        return switch (type.getSize()) {
            case 1 -> Optional.of(signed ? ByteBuffer::get : (bytes, at) -> Byte.toUnsignedInt(bytes.get(at)));
            case 2 -> Optional.of(signed ? ByteBuffer::getShort : (bytes, at) -> bytes.getChar(at));
            case 4 ->
                Optional.of(signed ? ByteBuffer::getInt : (bytes, at) -> Integer.toUnsignedLong(bytes.getInt(at)));
            case 8 -> Optional.of(signed ? ByteBuffer::getLong : (bytes, at) -> unsigned(bytes.getLong(at)));
            default -> Optional.empty();
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : (bits >>> 1) * 2.0;
    }
}
