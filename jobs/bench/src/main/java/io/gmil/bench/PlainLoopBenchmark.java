package io.gmil.bench;

import io.gmil.model.LabelledBag;
import java.util.Random;
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
 * What a visit of a bag is compared with: Σ e, Σ e t, Σ e x and Σ e t x at one (γ, β) by loops as one would first write
 * them, without a guard against overflow, without scaling, variance or intervals.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PlainLoopBenchmark {
    @Param({"50x30", "1000x50", "1000x256"})
    public String bag;

    private LabelledBag sample;
    private double[] gamma;
    private double[] beta;
    private double[] z;
    private double[] tz;

    @Setup
    public void setUp() {
        sample = BenchCohort.small(bag).test().get(0);
        int width = sample.cells().width();
        Random random = new Random(1);
        gamma = random.doubles(width, -1, 1).toArray();
        beta = random.doubles(width, -1, 1).toArray();
    }

    @Benchmark
    public double[] visit() {
        int width = gamma.length;
        double[] totals = new double[2];
        z = new double[width];
        tz = new double[width];
        sample.cells().forEachBlock((x, rows) -> {
            for (int i = 0; i < rows; i++) {
                add(x, i * width, totals);
            }
        });
        return totals;
    }

    private void add(float[] x, int at, double[] totals) {
        double logit = 0;
        double t = 0;
        for (int q = 0; q < gamma.length; q++) {
            logit += x[at + q] * gamma[q];
            t += x[at + q] * beta[q];
        }
        double weight = Math.exp(logit);
        totals[0] += weight;
        totals[1] += weight * t;
        for (int q = 0; q < gamma.length; q++) {
            z[q] += weight * x[at + q];
            tz[q] += weight * t * x[at + q];
        }
    }
}
