package io.gmil.bench;

import io.gmil.model.AttentionRequest;
import io.gmil.model.BagPrediction;
import io.gmil.model.GmilFit;
import io.gmil.model.LabelledBag;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Predictor;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * One bag predicted for one outcome and for ten, without and with a summary of attention (top 10 cells); and {@value #BAGS}
 * bags in one call, each with cells of its own.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PredictBenchmark {
    static final int BAGS = 64;

    private static final int OUTCOMES = OfflineFitBenchmark.OUTCOMES;

    @Param({"50x30", "1000x50"})
    public String bag;

    private List<LabelledBag> samples;
    private LabelledBag sample;
    private PosteriorSnapshot posterior;
    private PosteriorSnapshot[][] onePosterior;
    private Predictor predictor;
    private PosteriorSnapshot[][] posteriors;
    private Predictor severalOutcomes;
    private AttentionRequest request;

    @Setup
    public void setUp() {
        BenchCohort cohort = BenchCohort.small(bag, BAGS);
        samples = cohort.test();
        sample = samples.get(0);
        posterior = cohort.posterior();
        onePosterior = new PosteriorSnapshot[][] {{posterior}};
        predictor = new Predictor(cohort.spec(), cohort.scaler());
        posteriors =
                GmilFit.passes(5, 0).fit(cohort.training(OUTCOMES), cohort.specs(OUTCOMES), cohort.scaler()).stream()
                        .map(outcome -> outcome.exactSnapshots(0, 1))
                        .toArray(PosteriorSnapshot[][]::new);
        severalOutcomes = new Predictor(cohort.specs(OUTCOMES), cohort.scaler());
        request = AttentionRequest.top(10);
    }

    @Benchmark
    public BagPrediction plain() {
        return predictor.predict(sample.cells(), sample.fixedEffects(), posterior);
    }

    @Benchmark
    public BagPrediction attention() {
        return predictor.predict(sample.cells(), sample.fixedEffects(), posterior, request);
    }

    @Benchmark
    public BagPrediction[][] tenOutcomes() {
        return severalOutcomes.predict(sample.cells(), sample.fixedEffects(), posteriors, null);
    }

    @Benchmark
    public BagPrediction[][] tenOutcomesAttention() {
        return severalOutcomes.predict(sample.cells(), sample.fixedEffects(), posteriors, request);
    }

    @Benchmark
    public List<BagPrediction[][]> manyBags() {
        return predictor.predict(samples, onePosterior, null);
    }

    @Benchmark
    public List<BagPrediction[][]> manyBagsTenOutcomes() {
        return severalOutcomes.predict(samples, posteriors, null);
    }
}
