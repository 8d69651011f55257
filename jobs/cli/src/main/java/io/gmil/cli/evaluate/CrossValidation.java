package io.gmil.cli.evaluate;

import io.gmil.cli.offline.CohortBags;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Repeated k-fold cross-validation of several models on the same folds. Results depend on the seed only, not on threads. */
final class CrossValidation {

    private static final long POLL_MILLIS = 200;

    private final CohortBags bags;
    private final List<EvaluatedModel> models;
    private final List<Folds> repeats;
    private final FitSettings how;
    private final long seed;
    private final EvaluatedOutcome outcome;

    /**
     * Deals the folds.
     *
     * @param outcome of the bags
     * @param design how to compare
     * @param models to compare, which can learn the cohort
     */
    CrossValidation(CohortBags bags, EvaluatedOutcome outcome, Evaluation design, List<EvaluatedModel> models) {
        this.bags = bags;
        this.models = models;
        this.how = design.how();
        this.seed = design.seed();
        this.outcome = outcome;
        this.repeats = IntStream.range(0, design.repeats())
                .mapToObj(repeat -> Folds.deal(bags.samples(), design.folds(), outcome, mixed(repeat, design.folds())))
                .toList();
    }

    /** Seeds of folds and fits, different for every repeat and fold; fold k stands for the deal. */
    private long mixed(int repeat, int fold) {
        return (seed * 1_000_003 + repeat) * 1_009 + fold;
    }

    /** Fits to be done. */
    int fits() {
        return repeats.size() * repeats.get(0).count() * models.size();
    }

    /**
     * Runs them on so many threads.
     *
     * @param progress told now and then how many fits are done, by the calling thread
     * @return the figures of each repeat, by model
     */
    Map<EvaluatedModel, List<RepeatFigures>> run(int threads, IntConsumer progress) throws InterruptedException {
        ExecutorService executor = Executors.newFixedThreadPool(threads, CrossValidation::daemon);
        try {
            Forecast[][][] forecasts = new Forecast[repeats.size()][models.size()][bags.size()];
            List<Future<?>> tasks = new ArrayList<>();
            for (int repeat = 0; repeat < repeats.size(); repeat++) {
                for (int fold = 0; fold < repeats.get(0).count(); fold++) {
                    for (int model = 0; model < models.size(); model++) {
                        Fit fit = new Fit(repeat, fold, models.get(model), forecasts[repeat][model]);
                        tasks.add(executor.submit(fit));
                    }
                }
            }
            await(tasks, progress);
            return figures(forecasts);
        } finally {
            executor.shutdownNow();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "evaluate");
        thread.setDaemon(true);
        return thread;
    }

    /** One model in one fold; writes the forecasts of the fold's test samples. */
    private final class Fit implements Runnable {
        private final int repeat;
        private final int fold;
        private final EvaluatedModel model;
        private final Forecast[] forecasts;

        Fit(int repeat, int fold, EvaluatedModel model, Forecast[] forecasts) {
            this.repeat = repeat;
            this.fold = fold;
            this.model = model;
            this.forecasts = forecasts;
        }

        @Override
        public void run() {
            Folds folds = repeats.get(repeat);
            TrainingFold training = new TrainingFold(bags, folds.training(fold));
            IntFunction<Forecast> fitted = model.fit(training, how, mixed(repeat, fold));
            for (int sample : folds.test(fold)) {
                forecasts[sample] = fitted.apply(sample);
            }
        }
    }

    private static void await(List<Future<?>> tasks, IntConsumer progress) throws InterruptedException {
        int done = 0;
        while (done < tasks.size()) {
            try {
                tasks.get(done).get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                done++;
            } catch (TimeoutException e) {
                // Not yet; shown below all the same.
            } catch (ExecutionException | CancellationException e) {
                throw new IllegalStateException("a fit failed: " + e.getMessage(), e);
            }
            progress.accept(done);
        }
    }

    private Map<EvaluatedModel, List<RepeatFigures>> figures(Forecast[][][] forecasts) {
        Map<EvaluatedModel, List<RepeatFigures>> figures = new EnumMap<>(EvaluatedModel.class);
        for (int model = 0; model < models.size(); model++) {
            List<RepeatFigures> each = new ArrayList<>();
            for (int repeat = 0; repeat < repeats.size(); repeat++) {
                Folds folds = repeats.get(repeat);
                each.add(RepeatFigures.of(bags.samples(), outcome, folds, forecasts[repeat][model]));
            }
            figures.put(models.get(model), each);
        }
        return figures;
    }
}
