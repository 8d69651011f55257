package io.gmil.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.DoubleStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SimulatedCohortTest {

    private static double mean(DoubleStream values) {
        return values.average().orElseThrow();
    }

    @Test
    void hasTheVariancesOfTheLaw() throws IOException {
        AtomicInteger told = new AtomicInteger();
        Cohort cohort = new SimulatedCohort(SimulationOptions.paper(42), told::addAndGet);
        assertThat(told).hasValue(1200);
        assertThat(cohort.width()).isEqualTo(30);
        assertThat(cohort.samples()).hasSize(1200);
        assertThat(cohort.samples().get(0).id()).isEqualTo("train_00000");
        assertThat(cohort.samples().get(1000).id()).isEqualTo("test_00000");
        assertThat(cohort.samples().stream().filter(Sample::training)).hasSize(1000);

        List<Sample> samples = cohort.samples();
        assertThat(mean(samples.stream().mapToDouble(s -> s.trueEffect().orElseThrow())))
                .isCloseTo(0, within(1e-12));
        assertThat(mean(samples.stream()
                        .mapToDouble(s -> Math.pow(s.trueEffect().orElseThrow(), 2))))
                .isCloseTo(0.5, within(1e-12));
        double expected = mean(samples.stream()
                .mapToDouble(s -> 2 / (1 + Math.exp(1 - s.trueEffect().orElseThrow()))));
        assertThat(mean(samples.stream().mapToDouble(s -> s.label().orElseThrow())))
                .isCloseTo(expected, within(0.06));
    }

    @Test
    void featuresAndLogitsHaveTheirVariance() throws IOException {
        Cohort cohort = new SimulatedCohort(SimulationOptions.paper(42));
        double[] squares = new double[1];
        double[] logits = new double[1];
        cohort.scan(run -> {
            for (int i = 0; i < run.rows() * 30; i++) {
                squares[0] += run.values()[i] * run.values()[i];
            }
            // Within a bag, log w differs from the logit by a constant.
            double[] logs = java.util.Arrays.stream(run.trueWeights(), 0, run.rows())
                    .map(Math::log)
                    .toArray();
            double mean = mean(DoubleStream.of(logs));
            logits[0] += DoubleStream.of(logs).map(l -> (l - mean) * (l - mean)).sum() / (run.rows() - 1);
        });
        assertThat(squares[0] / 60_000).isCloseTo(1, within(0.01));
        assertThat(logits[0] / 1200).isCloseTo(0.8, within(0.02));
    }

    @Test
    void effectsAreTheWeightedFeatures() throws IOException {
        // With one feature, u is an affine function of Σ w x over the bags.
        Cohort cohort = new SimulatedCohort(new SimulationOptions(50, 0, 40, 1, 0.5, 0.8, -1, 5));
        double[] z = new double[50];
        double[] total = new double[50];
        cohort.scan(run -> {
            for (int r = 0; r < run.rows(); r++) {
                z[run.sample()] += run.trueWeights()[r] * run.values()[r];
                total[run.sample()] += run.trueWeights()[r];
            }
        });
        assertThat(total).usingComparatorWithPrecision(1e-9).containsOnly(1);
        double[] u = cohort.samples().stream()
                .mapToDouble(s -> s.trueEffect().orElseThrow())
                .toArray();
        double slope = (u[1] - u[0]) / (z[1] - z[0]);
        for (int n = 2; n < 50; n++) {
            assertThat(u[n]).isCloseTo(u[0] + slope * (z[n] - z[0]), within(1e-6));
        }
    }

    @Test
    void aSeedIsOneCohort() throws IOException {
        SimulationOptions options = new SimulationOptions(5, 2, 7, 3, 0.5, 0.8, -1, 9);
        Scanned first = Scanned.of(new SimulatedCohort(options));
        Cohort again = new SimulatedCohort(options);
        assertThat(Scanned.of(again).cells()).isEqualTo(first.cells());
        assertThat(Scanned.of(again).cells()).as("a second pass").isEqualTo(first.cells());
        Scanned other = Scanned.of(new SimulatedCohort(new SimulationOptions(5, 2, 7, 3, 0.5, 0.8, -1, 10)));
        assertThat(other.cells()).doesNotContainAnyElementsOf(first.cells());
    }

    @Test
    void aLargeBagComesInRunsOfTwoMegabytes() throws IOException {
        Cohort cohort = new SimulatedCohort(new SimulationOptions(2, 0, 30_000, 50, 0.5, 0.8, -1, 1));
        int[] next = new int[2];
        cohort.scan(run -> {
            assertThat(run.firstCell()).isEqualTo(next[run.sample()]);
            assertThat((long) run.rows() * 50 * Float.BYTES).isLessThanOrEqualTo(2 << 20);
            next[run.sample()] += run.rows();
        });
        assertThat(next).containsExactly(30_000, 30_000);
    }

    /** Figures in README and in the tests of the job rest on these numbers. */
    @Test
    void aSeedStaysTheCohortOfReleasedVersions() throws IOException {
        assertThat(checksum(new SimulatedCohort(SimulationOptions.paper(42)))).isEqualTo("e2b82b8");
        assertThat(checksum(new SimulatedCohort(new SimulationOptions(5, 2, 7, 3, 0.5, 0.8, -1, 9))))
                .isEqualTo("4a3323c0");
    }

    private static String checksum(Cohort cohort) throws IOException {
        CRC32C crc = new CRC32C();
        cohort.scan(run -> {
            ByteBuffer bytes = ByteBuffer.allocate(run.rows() * cohort.width() * Float.BYTES);
            bytes.asFloatBuffer().put(run.values(), 0, run.rows() * cohort.width());
            crc.update(bytes);
        });
        for (Sample sample : cohort.samples()) {
            crc.update((int) sample.label().orElseThrow());
            crc.update((int) Math.round(sample.trueEffect().orElseThrow() * 1e9) & 255);
        }
        return Long.toHexString(crc.getValue());
    }

    @Test
    void furtherOutcomesLeaveTheFirstAsItIs() throws IOException {
        SimulationOptions one = new SimulationOptions(40, 10, 7, 3, 0.5, 0.8, -1, 9);
        Cohort several = new SimulatedCohort(new SimulationOptions(40, 10, 7, 3, 0.5, 0.8, -1, 9, 3, false));

        assertThat(checksum(several)).isEqualTo(checksum(new SimulatedCohort(one)));
        assertThat(several.furtherColumns())
                .extracting(CellColumn::name)
                .containsExactly("label_2", "u_true_2", "w_true_2", "label_3", "u_true_3", "w_true_3");
        double[] weights = new double[50];
        double[] agreement = new double[1];
        several.scan(run -> {
            for (int r = 0; r < run.rows(); r++) {
                weights[run.sample()] += value(several, 2, run, r);
                agreement[0] += value(several, 1, run, r) == value(several, 4, run, r) ? 1 : 0;
            }
        });
        assertThat(weights).usingComparatorWithPrecision(1e-9).containsOnly(1);
        assertThat(agreement[0]).as("outcomes are not copies of each other").isZero();
    }

    private static double value(Cohort cohort, int column, CellRun run, int row) {
        return cohort.furtherColumns().get(column).value().of(run, row);
    }

    @Test
    void raggedBagsHaveTheMeanAskedFor() throws IOException {
        Cohort cohort = new SimulatedCohort(new SimulationOptions(900, 100, 50, 3, 0.5, 0.8, -1, 9, 1, true));
        List<Sample> samples = cohort.samples();
        assertThat(mean(samples.stream().mapToDouble(Sample::cells))).isCloseTo(50, within(3.0));
        assertThat(samples.stream().mapToInt(Sample::cells).distinct().count()).isGreaterThan(50);
        int[] read = new int[1000];
        cohort.scan(run -> read[run.sample()] += run.rows());
        assertThat(read)
                .containsExactly(samples.stream().mapToInt(Sample::cells).toArray());
    }

    @Test
    void refusesAnImpossibleSize() {
        assertThatThrownBy(() -> new SimulationOptions(10, 0, 0, 3, 0.5, 0.8, -1, 1))
                .isInstanceOf(CohortException.class)
                .hasMessage("simulation: cells is 0; expected at least 1");
    }
}
