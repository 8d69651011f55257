package io.gmil.stream.bags;

import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.FlinkRuntimeException;

/** Keyed state by name. The state API declares Exception; a failing backend must fail the task. */
final class States {

    private States() {}

    static <T> MapStateDescriptor<String, T> descriptor(String name, TypeInformation<T> type) {
        return new MapStateDescriptor<>(name, Types.STRING, type);
    }

    static <T> T get(MapState<String, T> state, String key) {
        return read(() -> state.get(key));
    }

    static <T> void put(MapState<String, T> state, String key, T value) {
        read(() -> {
            state.put(key, value);
            return null;
        });
    }

    static <T> void remove(MapState<String, T> state, String key) {
        read(() -> {
            state.remove(key);
            return null;
        });
    }

    /** Reaches state. */
    interface Access<T> {
        T run() throws Exception;
    }

    static <T> T read(Access<T> access) {
        try {
            return access.run();
        } catch (Exception e) {
            throw new FlinkRuntimeException("state of the bags operator cannot be reached", e);
        }
    }
}
