package io.gmil.cli.demo;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;

/** A submitted job. */
final class RunningJob implements AutoCloseable {

    private static final long START_SECONDS = 120;
    private static final long ANSWER_SECONDS = 60;
    private static final long POLL_MILLIS = 100;

    private final JobClient client;

    RunningJob(JobClient client) {
        this.client = client;
    }

    /** Returns once the job runs. */
    void awaitRunning() throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (status() != JobStatus.RUNNING) {
            requireAlive();
            if (System.nanoTime() > deadline) {
                throw new DemoException("the job does not start: it is " + status() + " after " + START_SECONDS + " s");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Throws the cause if the job has ended. */
    void requireAlive() throws InterruptedException {
        JobStatus status = status();
        if (status.isGloballyTerminalState()) {
            throw new DemoException("the job ended as " + status + failureCause(), failure());
        }
    }

    private String failureCause() throws InterruptedException {
        Throwable cause = failure();
        while (cause != null && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause == null ? "" : ": " + cause;
    }

    private Throwable failure() throws InterruptedException {
        try {
            client.getJobExecutionResult().get(ANSWER_SECONDS, TimeUnit.SECONDS);
            return null;
        } catch (ExecutionException e) {
            return e.getCause();
        } catch (TimeoutException e) {
            return e;
        }
    }

    private JobStatus status() throws InterruptedException {
        try {
            return client.getJobStatus().get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new DemoException("the cluster does not know its job: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new DemoException("the cluster does not answer for " + ANSWER_SECONDS + " s", e);
        }
    }

    /** Cancels the job and waits until its last task has stopped. */
    @Override
    public void close() {
        try {
            if (!status().isGloballyTerminalState()) {
                client.cancel().get(ANSWER_SECONDS, TimeUnit.SECONDS);
                client.getJobExecutionResult()
                        .handle((result, cancelled) -> true)
                        .get(ANSWER_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new DemoException("the job cannot be cancelled: " + e, e);
        }
    }
}
