package io.gmil.cli.chaos;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;

/** Sends records one by one while something else goes on, so that this never meets an idle job. */
final class Feeder {

    private final LearningJob job;
    private final List<? extends SpecificRecord> records;
    private final CountDownLatch hurry = new CountDownLatch(1);
    private final FutureTask<Void> sending = new FutureTask<>(this::send, null);
    private final long pauseNanos;

    /** @param over how long it takes unless it is told to hurry */
    private Feeder(LearningJob job, List<? extends SpecificRecord> records, Duration over) {
        this.job = job;
        this.records = records;
        this.pauseNanos = over.toNanos() / Math.max(1, records.size());
    }

    static Feeder start(LearningJob job, List<? extends SpecificRecord> records, Duration over) {
        Feeder feeder = new Feeder(job, records, over);
        Thread thread = new Thread(feeder.sending, "feeder");
        thread.setDaemon(true);
        thread.start();
        return feeder;
    }

    private void send() {
        int sent = 0;
        while (sent < records.size() && !hurried()) {
            job.send(records.subList(sent, sent + 1));
            sent++;
        }
        job.send(records.subList(sent, records.size()));
    }

    private boolean hurried() {
        try {
            return hurry.await(pauseNanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** Sends what is left at once, and returns when the broker has it. */
    void finish() throws InterruptedException {
        hurry.countDown();
        try {
            sending.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("records were not sent", e.getCause());
        }
    }
}
