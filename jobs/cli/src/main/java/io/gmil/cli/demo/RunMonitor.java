package io.gmil.cli.demo;

import io.gmil.cli.watch.Display;
import io.gmil.cli.watch.RunState;
import io.gmil.cli.watch.Snapshot;
import io.gmil.cli.watch.StatusLine;
import io.gmil.cli.watch.TopicWatch;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Waits for a run to get somewhere, shows how far it is, and ends the wait when something has failed or stands still. */
final class RunMonitor {

    /** Without a single record for so long, a run will not go on. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final long POLL_MILLIS = 50;
    private static final long JOB_CHECK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final RunState state;
    private final TopicWatch watch;
    private final RunningJob job;
    private final Publishing publishing;
    private final Display display;
    private final URI dashboard;
    private final CellRate rate;
    private long records = -1;
    private long movedAt = System.nanoTime();
    private long jobCheckedAt = System.nanoTime();

    RunMonitor(
            RunState state, TopicWatch watch, RunningJob job, Publishing publishing, Display display, URI dashboard) {
        this.state = state;
        this.watch = watch;
        this.job = job;
        this.publishing = publishing;
        this.display = display;
        this.dashboard = dashboard;
        this.rate = new CellRate(System.nanoTime());
    }

    /** Returns when the condition holds. */
    void await(Predicate<Snapshot> condition) throws InterruptedException {
        movedAt = System.nanoTime();
        Snapshot now = state.snapshot();
        while (!condition.test(now)) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            check(now);
            now = state.snapshot();
            show(now, false);
        }
        show(now, true);
    }

    private void check(Snapshot now) throws InterruptedException {
        publishing.requireSound();
        watch.requireAlive();
        long time = System.nanoTime();
        if (time - jobCheckedAt > JOB_CHECK_NANOS) {
            job.requireAlive();
            jobCheckedAt = time;
        }
        long moved = state.records() + publishing.cellsSent();
        if (moved != records) {
            records = moved;
            movedAt = time;
        } else if (time - movedAt > PATIENCE.toNanos()) {
            throw new DemoException(
                    "no record on any topic for " + PATIENCE.toMinutes() + " minutes; still missing: " + now.missing());
        }
    }

    private void show(Snapshot now, boolean always) {
        for (String cause : state.takeRejections()) {
            display.println("rejected: " + cause);
        }
        long time = System.nanoTime();
        if (always || display.due(time)) {
            display.status(StatusLine.of(now, rate.at(time, now), dashboard), time);
        }
    }
}
