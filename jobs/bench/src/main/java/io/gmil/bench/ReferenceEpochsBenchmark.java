package io.gmil.bench;

import io.gmil.model.ReferenceBag;
import io.gmil.model.ReferenceFit;
import io.gmil.model.ReferenceLikelihood;
import io.gmil.model.ReferenceModel;
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

/** The reference mode on the bags of {@link OfflineFitBenchmark}: its start, and the start with some epochs. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReferenceEpochsBenchmark {
    static final int EPOCHS = 8;

    /** 0 is the start alone, what is to be taken off the other. */
    @Param({"0", "8"})
    public int epochs;

    private List<ReferenceBag> bags;

    @Setup
    public void setUp() {
        BenchCohort cohort = BenchCohort.paper(42);
        bags = cohort.reference(cohort.training());
    }

    @Benchmark
    public ReferenceModel fit() {
        return ReferenceFit.epochs(ReferenceLikelihood.binomial(2), epochs, 0).fit(bags);
    }
}
