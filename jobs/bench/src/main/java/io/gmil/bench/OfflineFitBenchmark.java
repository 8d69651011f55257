package io.gmil.bench;

import io.gmil.model.GmilFit;
import io.gmil.model.Posterior;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** 12 passes over 1000 bags of 50 cells with 30 features. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class OfflineFitBenchmark {
    static final int PASSES = 12;

    private BenchCohort cohort;

    @Setup
    public void setUp() {
        cohort = BenchCohort.paper(42);
    }

    @Benchmark
    public Posterior twelvePasses() {
        return GmilFit.passes(PASSES, 0).fit(cohort.training(), cohort.spec(), cohort.scaler());
    }
}
