package io.gmil.bench;

import io.gmil.model.LabelledBag;
import io.gmil.model.LinearAlgebra;
import io.gmil.model.Phase;
import io.gmil.model.PosteriorSnapshot;
import io.gmil.model.Site;
import io.gmil.model.SiteEngine;
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

/** The site of one bag, linearised and with 8 draws, as a refresh in the stream computes it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class SiteRefreshBenchmark {
    @Param({"50x30", "1000x256"})
    public String bag;

    private List<LabelledBag> minibatch;
    private PosteriorSnapshot sampledPosterior;
    private PosteriorSnapshot linearisedPosterior;
    private SiteEngine engine;

    @Setup
    public void setUp() {
        BenchCohort cohort = BenchCohort.small(bag);
        minibatch = cohort.test();
        sampledPosterior = cohort.posterior();
        linearisedPosterior = sampledPosterior.withPhase(Phase.LINEARISED);
        engine = new SiteEngine(cohort.spec(), cohort.scaler(), LinearAlgebra.forCells());
    }

    @Benchmark
    public Site[] linearised() {
        return engine.sites(minibatch, linearisedPosterior, 0);
    }

    @Benchmark
    public Site[] sampled() {
        return engine.sites(minibatch, sampledPosterior, 0);
    }
}
