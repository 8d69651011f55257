package io.gmil.cli.demo;

import io.gmil.cli.publish.KafkaOutlet;
import io.gmil.cli.publish.Publisher;
import io.gmil.cli.publish.Publisher.Limits;
import io.gmil.cohort.Cohort;
import io.gmil.schema.Control;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** The pipeline's side of a demo, in a thread of its own. */
final class Publishing implements AutoCloseable {

    private final Publisher publisher;
    private final FutureTask<Void> task;
    private final KafkaOutlet outlet;
    private final Thread thread;
    private final long startedAt = System.currentTimeMillis();

    private Publishing(Cohort cohort, DemoSettings settings, String bootstrapServers, Optional<Control> scaler) {
        outlet = KafkaOutlet.open(bootstrapServers);
        publisher = new Publisher(
                cohort, settings.names(), outlet, InstantSource.system(), Limits.DEFAULT, settings.seed());
        task = new FutureTask<>(() -> publish(scaler), null);
        thread = new Thread(task, "publisher");
        thread.setDaemon(true);
    }

    static Publishing start(Cohort cohort, DemoSettings settings, String bootstrapServers, Optional<Control> scaler) {
        Publishing publishing = new Publishing(cohort, settings, bootstrapServers, scaler);
        publishing.thread.start();
        return publishing;
    }

    private void publish(Optional<Control> scaler) {
        try {
            publisher.run(scaler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** When the first record was sent, in epoch milliseconds. */
    long startedAt() {
        return startedAt;
    }

    long cellsSent() {
        return publisher.cellsSent();
    }

    boolean done() {
        return task.isDone();
    }

    /** Throws what ended the publisher before its time. */
    void requireSound() throws InterruptedException {
        if (!task.isDone()) {
            return;
        }
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new DemoException("publishing failed: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Sends a command; only once the publisher is {@link #done}. */
    void send(Control command) {
        outlet.control(command);
        outlet.flush();
    }

    /** Stops it where it is and waits for it. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        outlet.close();
    }
}
