package io.gmil.stream.bags;

import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.typeinfo.Types;

/** Deadlines as keyed state. */
final class StoredDeadlines implements Deadlines.Entries {

    private final MapState<String, Long> entries;

    StoredDeadlines(RuntimeContext context, String name) {
        entries = context.getMapState(States.descriptor(name, Types.LONG));
    }

    @Override
    public Long get(String sample) {
        return States.get(entries, sample);
    }

    @Override
    public void put(String sample, long due) {
        States.put(entries, sample, due);
    }

    @Override
    public void remove(String sample) {
        States.remove(entries, sample);
    }

    @Override
    public Iterable<Map.Entry<String, Long>> all() {
        return States.read(entries::entries);
    }
}
