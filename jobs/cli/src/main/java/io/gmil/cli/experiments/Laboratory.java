package io.gmil.cli.experiments;

import io.gmil.cli.watch.Display;
import io.gmil.cohort.SimulationOptions;
import io.gmil.model.GmilFit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs experiments, the fits of a cohort on several threads. Figures depend on the scale only, but for the times.
 */
public final class Laboratory implements AutoCloseable {

    private static final long POLL_MILLIS = 200;

    private final Scale scale;
    private final Display display;
    private final ExecutorService executor;
    private final long began = System.nanoTime();

    public Laboratory(Scale scale, int threads, Display display) {
        this.scale = scale;
        this.display = display;
        this.executor = Executors.newFixedThreadPool(threads, Laboratory::daemon);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "experiments");
        thread.setDaemon(true);
        return thread;
    }

    /** Runs all cases of an experiment, one cohort in memory at a time. */
    public Result run(ExperimentName name) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<Case> cases = name.experiment().cases(scale);
        int all = cases.stream().mapToInt(Case::fits).sum();
        List<Measured> fits = new ArrayList<>();
        for (Case each : cases) {
            for (SimulationOptions options : each.cohorts()) {
                SimulatedBags bags = new SimulatedBags(options, each.distortion());
                for (Future<Measured> fit : submitted(each, bags)) {
                    fits.add(await(fit, name + " " + each.setting(), fits.size(), all));
                }
            }
        }
        return new Result(name, scale, fits, (System.nanoTime() - start) / 1e9);
    }

    private List<Future<Measured>> submitted(Case each, SimulatedBags bags) {
        GmilFit start = GmilFit.passes(scale.passes(), scale.seed());
        List<Future<Measured>> fits = new ArrayList<>();
        for (int outcome = 0; outcome < bags.options().outcomes(); outcome++) {
            for (Contender contender : each.contenders()) {
                int number = outcome;
                fits.add(executor.submit(() -> new Measured(
                        each.setting(),
                        contender.title(),
                        bags.options().seed(),
                        number + 1,
                        Fitted.figures(bags, number, contender, start))));
            }
        }
        return fits;
    }

    private Measured await(Future<Measured> fit, String what, int done, int all) throws InterruptedException {
        while (true) {
            long now = System.nanoTime();
            if (display.due(now)) {
                display.status(
                        String.format(
                                Locale.ROOT, "%s: fit %d of %d, %.0f s", what, done + 1, all, (now - began) / 1e9),
                        now);
            }
            try {
                return fit.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Shown above that it goes on.
            } catch (ExecutionException e) {
                throw new IllegalStateException(what + ": a fit failed: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
