package io.gmil.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import org.bytedeco.javacpp.DoublePointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A preallocated native array that Java arrays are copied to and from. It is column-major, (values per record) ×
 * (records): the same bytes as a row-major Java array of records.
 */
final class NativeMatrix {
    private final INDArray array;

    /** Asking ND4J for it takes longer than a small product. */
    private final DoublePointer memory;

    private final DoubleBuffer buffer;
    private final int length;

    NativeMatrix(int length, int records) {
        this.length = length;
        this.array = Nd4j.createUninitializedDetached(DataType.DOUBLE, 'f', length, records);
        this.memory = (DoublePointer) array.data().addressPointer();
        ByteBuffer bytes = pointer().limit((long) length * records).asByteBuffer();
        this.buffer = bytes.order(ByteOrder.nativeOrder()).asDoubleBuffer();
    }

    /** Copies so many values from the start of a Java array to record {@code record} and on. */
    void put(double[] values, int from, int record, int count) {
        buffer.position(record * length);
        buffer.put(values, from, count);
    }

    /** Copies so many values from the first record on. */
    void get(double[] values, int count) {
        buffer.position(0);
        buffer.get(values, 0, count);
    }

    /** The memory; a new object, so its position may be set. */
    DoublePointer pointer() {
        return new DoublePointer(memory);
    }

    INDArray array() {
        return array;
    }

    /** The records {@code from} to {@code to}, shared. */
    INDArray records(int from, int to) {
        return from == 0 && to == array.columns()
                ? array
                : array.get(NDArrayIndex.all(), NDArrayIndex.interval(from, to));
    }
}
