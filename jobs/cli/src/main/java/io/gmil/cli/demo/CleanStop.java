package io.gmil.cli.demo;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets Ctrl-C interrupt the run and wait until it has cleaned up; the JVM then exits with 130 by itself. */
final class CleanStop implements AutoCloseable {

    private static final long MOST_SECONDS = 30;

    private final Thread running = Thread.currentThread();
    private final CountDownLatch cleanedUp = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "clean stop");
    private volatile boolean requested;

    static CleanStop install() {
        CleanStop stop = new CleanStop();
        Runtime.getRuntime().addShutdownHook(stop.hook);
        return stop;
    }

    private void stop() {
        requested = true;
        running.interrupt();
        try {
            if (!cleanedUp.await(MOST_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("gmil demo: not everything stopped within " + MOST_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether the user asked to stop. */
    boolean requested() {
        return requested;
    }

    @Override
    public void close() {
        cleanedUp.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                requested = true; // The JVM began to shut down in this moment.
            }
        }
    }
}
