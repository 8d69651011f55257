package io.gmil.bench;

import io.gmil.model.GmilFit;
import io.gmil.model.LabelledBag;
import io.gmil.model.OutcomePosterior;
import io.gmil.model.Posterior;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** 12 passes over 1000 bags of 50 cells with 30 features, for one outcome and for ten. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OfflineFitBenchmark {
    static final int PASSES = 12;
    static final int OUTCOMES = 10;

    private BenchCohort cohort;
    private List<LabelledBag> several;

    @Setup
    public void setUp() {
        cohort = BenchCohort.paper(42);
        several = cohort.training(OUTCOMES);
    }

    @Benchmark
    public Posterior twelvePasses() {
        return GmilFit.passes(PASSES, 0).fit(cohort.training(), cohort.spec(), cohort.scaler());
    }

    @Benchmark
    public List<OutcomePosterior> tenOutcomes() {
        return GmilFit.passes(PASSES, 0).fit(several, cohort.specs(OUTCOMES), cohort.scaler());
    }
}
