package io.gmil.bench;

import io.gmil.model.GmilFit;
import io.gmil.model.LabelledBag;
import io.gmil.model.Posterior;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import io.gmil.model.ReferenceBag;
import io.gmil.model.ReferenceFit;
import io.gmil.model.ReferenceLikelihood;
import io.gmil.model.ReferenceModel;
import io.gmil.model.Scores;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * How long the reference mode takes to the accuracy of 12 passes: Spearman's ρ of predicted and true bag effect on the
 * 200 test bags. Epochs are doubled until it is there; each trial starts anew and the time is that of the last.
 */
final class Race {
    /** Differences of ρ that do not count. */
    private static final double EQUAL = 0.005;

    private static final int WARM_UP = 5;

    private final BenchCohort cohort = BenchCohort.paper(42);
    private final List<ReferenceBag> training = cohort.reference(cohort.training());
    private final List<ReferenceBag> test = cohort.reference(cohort.test());
    private final int mostEpochs;
    private double micros;

    Race(int mostEpochs) {
        this.mostEpochs = mostEpochs;
    }

    String run() {
        GmilFit fit = GmilFit.passes(OfflineFitBenchmark.PASSES, 0);
        Posterior posterior = null;
        for (int i = 0; i <= WARM_UP; i++) {
            posterior = timed(() -> fit.fit(cohort.training(), cohort.spec(), cohort.scaler()));
        }
        double own = rho(posterior);
        double ownMicros = micros;
        int epochs = Math.min(125, mostEpochs);
        double rho = reference(epochs);
        while (rho < own - EQUAL && 2 * epochs <= mostEpochs) {
            epochs *= 2;
            rho = reference(epochs);
        }
        return String.format(
                Locale.ROOT,
                "%nTo the same accuracy: rho %.3f after 12 passes in %s; reference mode %s %.3f after %d epochs in %s,"
                        + " %.0f times as long (cpu)%n",
                own,
                Report.time(ownMicros),
                rho < own - EQUAL ? "is only at" : "is at",
                rho,
                epochs,
                Report.time(micros),
                micros / ownMicros);
    }

    private double rho(Posterior posterior) {
        Predictor predictor = new Predictor(cohort.spec(), cohort.scaler());
        PosteriorSnapshot q = posterior.snapshot(0, 1);
        double[] predicted = new double[test.size()];
        for (int n = 0; n < predicted.length; n++) {
            LabelledBag bag = cohort.test().get(n);
            predicted[n] = predictor.predict(bag.cells(), bag.fixedEffects(), q).randomEffect();
        }
        return Scores.spearman(predicted, cohort.effects());
    }

    private double reference(int epochs) {
        ReferenceModel model = timed(() ->
                ReferenceFit.epochs(ReferenceLikelihood.binomial(2), epochs, 0).fit(training));
        return Scores.spearman(model.effects(test), cohort.effects());
    }

    private <T> T timed(Supplier<T> work) {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        T result = work.get();
        micros = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) / 1e3;
        return result;
    }
}
