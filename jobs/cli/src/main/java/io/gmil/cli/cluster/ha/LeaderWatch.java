package io.gmil.cli.cluster.ha;

import java.io.IOException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalDriver;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalEventHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of the leader of a component, by reading its small file again and again; the handler ignores what is not new. */
final class LeaderWatch implements LeaderRetrievalDriver {

    private static final Logger LOG = LoggerFactory.getLogger(LeaderWatch.class);
    private static final long POLL_MILLIS = 200;

    private final String component;
    private final ScheduledFuture<?> polling;

    private LeaderWatch(String component, ScheduledFuture<?> polling) {
        this.component = component;
        this.polling = polling;
    }

    static LeaderWatch start(
            LeaderFiles files,
            String component,
            ScheduledExecutorService executor,
            LeaderRetrievalEventHandler handler) {
        Runnable poll = () -> {
            try {
                handler.notifyLeaderAddress(files.read(component));
            } catch (IOException e) {
                LOG.warn("the leader of {} cannot be read from {}; trying again", component, files, e);
            }
        };
        return new LeaderWatch(component, executor.scheduleWithFixedDelay(poll, 0, POLL_MILLIS, TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() {
        polling.cancel(false);
    }

    @Override
    public String toString() {
        return "LeaderWatch of " + component;
    }
}
