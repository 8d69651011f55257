package io.gmil.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;

/** Every benchmark still runs: one short iteration in this process. Nothing is said about its time. */
class BenchTest {
    private static final int BENCHMARKS = 23;

    @Test
    void everyBenchmarkRunsAndHasItsRow() throws RunnerException {
        Collection<RunResult> results = new Runner(Bench.options(".*")
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(1))
                        .build())
                .run();
        String table = new Report(results).table();
        assertThat(results).hasSize(BENCHMARKS);
        assertThat(table.lines()).hasSize(21);
        assertThat(table)
                .contains("fit, 12 passes")
                .contains("same for 10 outcomes")
                .contains("predict 50x30, 10 outcomes")
                .contains("reference mode, one epoch")
                .contains("predict 1000x50, attention")
                .contains("predict 64 of 50x30, 10 outcomes")
                .contains("site 1000x256, 8 draws");
    }
}
