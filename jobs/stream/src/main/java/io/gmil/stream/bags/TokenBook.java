package io.gmil.stream.bags;

import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Refresh tokens of the shards of a subtask that have not been answered yet. Only the newest version of a model counts.
 * Kept on the heap: what a failure loses is asked for again, because an unsettled learner publishes a new version when
 * nobody answers.
 */
final class TokenBook {

    /** How soon a posterior is looked for whose token has come before it; then ever more seldom. */
    private static final long RETRY_MILLIS = 2;

    /** How long it is looked for. A learner that is not answered for so long has published another by then. */
    private static final long PATIENCE_MILLIS = 1000;

    /** @param since when the token was first found to be ahead of its posterior */
    private record Early(Version version, long since) {}

    private final Map<Integer, Map<String, Version>> open = new HashMap<>();
    private final Map<Integer, Map<String, Early>> early = new HashMap<>();
    private final Map<Integer, Map<String, Version>> answered = new HashMap<>();

    void offer(int shard, String model, Version version) {
        open.computeIfAbsent(shard, absent -> new LinkedHashMap<>())
                .merge(model, version, (old, offered) -> offered.newerThan(old) ? offered : old);
    }

    /** The open tokens of a shard: model and version. Removing an entry closes its token. */
    Iterator<Map.Entry<String, Version>> open(int shard) {
        return open.getOrDefault(shard, Map.of()).entrySet().iterator();
    }

    /** Whether a version has not been answered by the shard; if so it is from now on. */
    boolean answer(int shard, String model, Version version) {
        Map<String, Version> last = answered.computeIfAbsent(shard, absent -> new HashMap<>());
        Version before = last.get(model);
        if (before != null && !version.newerThan(before)) {
            return false;
        }
        last.put(model, version);
        return true;
    }

    /**
     * An open token speaks of a posterior that has not come: how long to wait before looking again.
     *
     * @return in ms; negative when it is not to be expected any more, as where the catalog has refused it
     */
    long wait(int shard, Map.Entry<String, Version> token, long now) {
        Early known = early.computeIfAbsent(shard, absent -> new HashMap<>())
                .compute(
                        token.getKey(),
                        (model, before) -> before != null && before.version().equals(token.getValue())
                                ? before
                                : new Early(token.getValue(), now));
        long waited = now - known.since();
        return waited > PATIENCE_MILLIS ? -1 : Math.max(RETRY_MILLIS, waited);
    }
}
