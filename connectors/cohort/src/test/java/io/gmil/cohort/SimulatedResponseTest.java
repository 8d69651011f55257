package io.gmil.cohort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.gmil.cohort.CohortOptions.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The laws by which labels follow from simulated effects. */
class SimulatedResponseTest {

    private static final double INTERCEPT = -1;

    @TempDir
    Path directory;

    private static SimulatedCohort simulated(int bags, double vBeta, SimulatedResponse response) {
        return new SimulatedCohort(new SimulationOptions(bags, 6, 5, 3, vBeta, 0.8, INTERCEPT, 11, 1, false, response));
    }

    private static double[] labels(Cohort cohort) {
        return cohort.samples().stream()
                .mapToDouble(sample -> sample.label().orElseThrow())
                .toArray();
    }

    private static double[] effects(List<Sample> samples) {
        return samples.stream()
                .mapToDouble(sample -> sample.trueEffect().orElseThrow())
                .toArray();
    }

    private static double mean(double[] values) {
        return IntStream.range(0, values.length)
                .mapToDouble(n -> values[n])
                .average()
                .orElseThrow();
    }

    @Test
    void bernoulliIsOneTrial() {
        Cohort cohort = simulated(4000, 0.5, SimulatedResponse.bernoulli());
        assertThat(cohort.samples())
                .allMatch(sample -> sample.labels().get(0).orElseThrow().trials() == 1);
        double[] y = labels(cohort);
        assertThat(y).containsOnly(0, 1);
        double[] u = effects(cohort.samples());
        double[] p = IntStream.range(0, u.length)
                .mapToDouble(n -> 1 / (1 + Math.exp(-INTERCEPT - u[n])))
                .toArray();
        assertThat(mean(y)).isCloseTo(mean(p), within(0.03));
        double[] product = IntStream.range(0, u.length)
                .mapToDouble(n -> (y[n] - p[n]) * u[n])
                .toArray();
        assertThat(mean(product)).as("residuals do not depend on u").isCloseTo(0, within(0.03));
    }

    @Test
    void normalIsTheLinearPredictorAndNoise() {
        Cohort cohort = simulated(4000, 0.5, SimulatedResponse.normal(0.3));
        double[] y = labels(cohort);
        double[] u = effects(cohort.samples());
        double[] noise = IntStream.range(0, u.length)
                .mapToDouble(n -> y[n] - INTERCEPT - u[n])
                .toArray();
        double[] squares = IntStream.range(0, u.length)
                .mapToDouble(n -> noise[n] * noise[n])
                .toArray();
        assertThat(mean(noise)).isCloseTo(0, within(0.02));
        assertThat(mean(squares)).isCloseTo(0.09, within(0.01));
    }

    /** Effects of each class, bag by bag. */
    private static double[][] classEffects(Cohort cohort) throws IOException {
        List<CellColumn> further = cohort.furtherColumns();
        double[][] effects = new double[further.size() / 2][cohort.samples().size()];
        cohort.scan(run -> {
            for (int c = 0; c < effects.length; c++) {
                effects[c][run.sample()] = further.get(2 * c).value().of(run, 0);
            }
        });
        return effects;
    }

    @Test
    void categoricalIsDrawnFromTheSoftmaxOfItsClasses() throws IOException {
        Cohort cohort = simulated(6000, 2, SimulatedResponse.categorical(3));
        assertThat(cohort.classes(0)).containsExactly("0", "1", "2");
        assertThat(cohort.hasTrueWeights()).isFalse();
        assertThat(cohort.furtherColumns())
                .extracting(CellColumn::name)
                .containsExactly("u_true_c0", "w_true_c0", "u_true_c1", "w_true_c1", "u_true_c2", "w_true_c2");
        double[][] u = classEffects(cohort);
        double[] y = labels(cohort);
        for (int c = 0; c < 3; c++) {
            int of = c;
            double[] squares = IntStream.range(0, y.length)
                    .mapToDouble(n -> u[of][n] * u[of][n])
                    .toArray();
            assertThat(mean(squares)).isCloseTo(2, within(1e-9));
            double[] residual = IntStream.range(0, y.length)
                    .mapToDouble(n -> (y[n] == of ? 1 : 0) - softmax(u, of, n))
                    .toArray();
            double[] product = IntStream.range(0, y.length)
                    .mapToDouble(n -> residual[n] * u[of][n])
                    .toArray();
            assertThat(mean(residual)).isCloseTo(0, within(0.02));
            assertThat(mean(product)).as("class %s follows its effect", c).isCloseTo(0, within(0.03));
        }
    }

    private static double softmax(double[][] u, int c, int bag) {
        double sum = IntStream.range(0, u.length)
                .mapToDouble(k -> Math.exp(u[k][bag]))
                .sum();
        return Math.exp(u[c][bag]) / sum;
    }

    @Test
    void classesHaveWeightsOfTheirOwn() throws IOException {
        Cohort cohort = simulated(20, 1, SimulatedResponse.categorical(2));
        List<CellColumn> further = cohort.furtherColumns();
        double[][] total = new double[2][26];
        double[] difference = new double[1];
        cohort.scan(run -> {
            for (int r = 0; r < run.rows(); r++) {
                double first = further.get(1).value().of(run, r);
                double second = further.get(3).value().of(run, r);
                total[0][run.sample()] += first;
                total[1][run.sample()] += second;
                difference[0] = Math.max(difference[0], Math.abs(first - second));
            }
        });
        assertThat(total[0]).usingComparatorWithPrecision(1e-9).containsOnly(1);
        assertThat(total[1]).usingComparatorWithPrecision(1e-9).containsOnly(1);
        assertThat(difference[0]).isGreaterThan(0.1);
    }

    @Test
    void bagsOfABatchShareAnIntercept() {
        Cohort cohort = simulated(3000, 0.5, SimulatedResponse.normal(0).withGroups(500, 0.4));
        double[] y = labels(cohort);
        double[] u = effects(cohort.samples());
        double[] b = new double[500];
        for (int n = 0; n < y.length; n++) {
            double shared = y[n] - INTERCEPT - u[n];
            int group = Integer.parseInt(
                    cohort.samples().get(n).group().orElseThrow().substring(1));
            assertThat(n < 500 ? shared : b[group]).isCloseTo(shared, within(1e-12));
            b[group] = shared;
        }
        assertThat(mean(b)).isCloseTo(0, within(0.1));
        double[] squares = IntStream.range(0, 500).mapToDouble(g -> b[g] * b[g]).toArray();
        assertThat(mean(squares)).isCloseTo(0.4, within(0.08));
        assertThat(cohort.groups()).hasSize(500).isSorted();
    }

    @Test
    void batchesOfVarianceZeroLeaveLabelsAsTheyAre() {
        Cohort without = simulated(200, 0.5, SimulatedResponse.binomial());
        assertThat(labels(simulated(200, 0.5, SimulatedResponse.binomial().withGroups(5, 0))))
                .isEqualTo(labels(without));
        assertThat(labels(simulated(200, 0.5, SimulatedResponse.binomial().withGroups(5, 1))))
                .isNotEqualTo(labels(without));
        assertThat(without.groups()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim.csv", "sim.h5ad"})
    void classesAndBatchesReadBack(String name) throws IOException {
        Path file = directory.resolve(name);
        // Eleven of each: as texts, 10 would come before 2.
        Cohort simulated = simulated(200, 2, SimulatedResponse.categorical(11).withGroups(11, 0.5));
        CohortWriter.write(simulated, file);
        CohortOptions options = CohortOptions.of(file)
                .embedding("obsm/X_emb")
                .outcomes(List.of(OutcomeOptions.categorical(Optional.empty())))
                .group("batch")
                .split("split")
                .train("train")
                .build();
        try (Cohort after = Cohorts.open(options)) {
            assertThat(after.classes()).isEqualTo(simulated.classes());
            assertThat(after.groups()).isEqualTo(simulated.groups());
            assertThat(after.samples())
                    .usingRecursiveFieldByFieldElementComparator()
                    .isEqualTo(simulated.samples());
        }
        Scanned truth = Asked.of(file)
                .embedding("obsm/X_emb")
                .likelihood(Outcome.CATEGORICAL)
                .truth("u_true_c10", "w_true_c10")
                .scan();
        assertThat(effects(truth.samples())).isEqualTo(classEffects(simulated)[10]);
    }

    @Test
    void refusesAnImpossibleLaw() {
        assertThatThrownBy(() -> SimulatedResponse.categorical(1))
                .isInstanceOf(CohortException.class)
                .hasMessage("simulation: classes of a CATEGORICAL label is 1; expected at least 2");
        assertThatThrownBy(() -> SimulatedResponse.normal(Double.NaN)).hasMessageContaining("noise of a NORMAL label");
        assertThatThrownBy(() -> SimulatedResponse.binomial().withGroups(-1, 1)).hasMessageContaining("groups is -1");
        assertThatThrownBy(() -> SimulatedResponse.binomial().withGroups(3, -1)).hasMessageContaining("vGroup is -1.0");
    }
}
