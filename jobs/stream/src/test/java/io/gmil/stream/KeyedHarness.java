package io.gmil.stream;

import java.util.List;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/** An operator with one keyed input, on RocksDB. */
final class KeyedHarness<IN, OUT> extends KeyedOneInputStreamOperatorTestHarness<String, IN, OUT> {

    private KeyedHarness(KeyedProcessOperator<String, IN, OUT> operator, KeySelector<IN, String> key) throws Exception {
        super(operator, key, Types.STRING);
    }

    /** @param state of a snapshot, or null for none */
    static <IN, OUT> KeyedHarness<IN, OUT> open(
            KeyedProcessFunction<String, IN, OUT> function, KeySelector<IN, String> key, OperatorSubtaskState state)
            throws Exception {
        return open(new KeyedProcessOperator<>(function), key, state);
    }

    /** @param state of a snapshot, or null for none */
    static <IN, OUT> KeyedHarness<IN, OUT> open(
            KeyedProcessOperator<String, IN, OUT> operator, KeySelector<IN, String> key, OperatorSubtaskState state)
            throws Exception {
        return open(operator, key, state, new EmbeddedRocksDBStateBackend());
    }

    static <IN, OUT> KeyedHarness<IN, OUT> open(
            KeyedProcessOperator<String, IN, OUT> operator,
            KeySelector<IN, String> key,
            OperatorSubtaskState state,
            StateBackend backend)
            throws Exception {
        KeyedHarness<IN, OUT> harness = new KeyedHarness<>(operator, key);
        harness.setStateBackend(backend);
        harness.setup();
        harness.setProcessingTime(1_000_000);
        if (state != null) {
            harness.initializeState(state);
        }
        harness.open();
        return harness;
    }

    void advanceTime(int millis) throws Exception {
        setProcessingTime(getProcessingTime() + millis);
    }

    /** What has come out since the last call. */
    List<OUT> drain() {
        List<OUT> drained = extractOutputValues();
        getOutput().clear();
        return drained;
    }

    /** What has come out at a side since the last call. */
    <T> List<T> drain(OutputTag<T> tag) {
        var records = getSideOutput(tag);
        if (records == null) {
            return List.of();
        }
        List<T> drained = records.stream().map(StreamRecord::getValue).toList();
        records.clear();
        return drained;
    }

    /** A value that the operator has stored under a key. */
    <T> T stored(String key, ValueStateDescriptor<T> value) throws Exception {
        var backend = getOperator().<String>getKeyedStateBackend();
        backend.setCurrentKey(key);
        return backend.getPartitionedState(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, value)
                .value();
    }

    @Override
    public void close() {
        try {
            super.close();
        } catch (Exception e) {
            throw new IllegalStateException("operator cannot be closed", e);
        }
    }
}
