package io.gmil.cli.cluster.ha;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.runtime.leaderelection.LeaderElectionDriver;
import org.apache.flink.runtime.leaderelection.LeaderInformation;

/** Leads as long as it holds a file lock; asks for the lock until it gets it. A lock that is held is never lost. */
final class FileLeaderElection implements LeaderElectionDriver {

    private static final long RETRY_MILLIS = 200;

    private final LeaderFiles files;
    private final Listener listener;
    private ScheduledFuture<?> attempts;
    private FileLock lock;
    private boolean closed;

    private FileLeaderElection(LeaderFiles files, Listener listener) {
        this.files = files;
        this.listener = listener;
    }

    static FileLeaderElection enter(LeaderFiles files, ScheduledExecutorService executor, Listener listener) {
        FileLeaderElection election = new FileLeaderElection(files, listener);
        synchronized (election) {
            election.attempts =
                    executor.scheduleWithFixedDelay(election::attempt, 0, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
        return election;
    }

    private void attempt() {
        try {
            if (acquired()) {
                // Outside the monitor: the listener asks back under a lock of its own.
                listener.onGrantLeadership(UUID.randomUUID());
            }
        } catch (IOException e) {
            listener.onError(e);
        }
    }

    private synchronized boolean acquired() throws IOException {
        if (closed || lock != null) {
            return false;
        }
        Optional<FileLock> taken = files.tryLock();
        taken.ifPresent(held -> {
            lock = held;
            attempts.cancel(false);
        });
        return taken.isPresent();
    }

    @Override
    public synchronized boolean hasLeadership() {
        return lock != null;
    }

    @Override
    public synchronized void publishLeaderInformation(String component, LeaderInformation leader) {
        if (lock == null) {
            return;
        }
        try {
            files.write(component, leader);
        } catch (IOException e) {
            listener.onError(e);
        }
    }

    @Override
    public synchronized void deleteLeaderInformation(String component) {
        try {
            files.delete(component);
        } catch (IOException e) {
            listener.onError(e);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        attempts.cancel(false);
        if (lock != null) {
            lock.acquiredBy().close();
            lock = null;
        }
    }

    @Override
    public String toString() {
        return "FileLeaderElection in " + files;
    }
}
