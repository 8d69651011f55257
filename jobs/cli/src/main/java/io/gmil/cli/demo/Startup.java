package io.gmil.cli.demo;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Starts a deployment while the caller does something else. */
final class Startup {

    private final FutureTask<Deployment> task;

    private Startup(DemoSettings settings, WorkDirectory work) {
        task = new FutureTask<>(() -> Deployment.start(settings, work));
    }

    static Startup begin(DemoSettings settings, WorkDirectory work) {
        Startup startup = new Startup(settings, work);
        Thread thread = new Thread(startup.task, "startup");
        thread.setDaemon(true);
        thread.start();
        return startup;
    }

    Deployment await() throws InterruptedException {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new DemoException(
                    "broker and cluster do not start: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Closes what was started; a start under way cannot be interrupted, only waited for. */
    void abandon() throws IOException {
        boolean interrupted = Thread.interrupted();
        while (true) {
            try {
                task.get().close();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                break; // Nothing was started; the caller has a failure of its own to tell.
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
