package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.commons.math3.stat.correlation.SpearmansCorrelation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On the cohorts of {@code ../shared/reference/simulation}, which are not part of the repository: the authors' trained
 * parameters predict here what they predict there, and training here gets as far as training there.
 */
class ReferenceCheckpointTest {
    private static final Path FILES = ReferenceGolden.SHARED.resolve("reference/simulation");

    /** The authors' figures are float32. */
    private static final double TOLERANCE = 1e-5;

    @BeforeEach
    void needsTheFiles() {
        assumeThat(FILES)
                .as("what the authors' model made of a cohort, see GMIL_SHARED; without it nothing here is tested")
                .isDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed42", "seed43"})
    void predictsWithTheAuthorsParameters(String cohort) throws IOException {
        ReferenceSimulation simulation = new ReferenceSimulation(FILES.resolve(cohort));
        ReferenceModel model = ReferenceModel.of(simulation.parameters(), simulation.training);
        assertClose(model.mean(), simulation.arrays.get("scale_mean"));
        assertClose(model.sd(), simulation.arrays.get("scale_std"));
        assertClose(model.effects(simulation.test), simulation.arrays.get("u_pred_test_trainscale"));
        assertClose(model.batchEffects(simulation.test), simulation.arrays.get("u_pred_test"));
        double[] expected = simulation.arrays.get("w_pred_test");
        double[] weights = new double[expected.length];
        for (int n = 0; n < simulation.test.size(); n++) {
            double[] w = model.attention(simulation.test.get(n)).weights();
            System.arraycopy(w, 0, weights, n * w.length, w.length);
        }
        assertClose(weights, expected);
    }

    private static void assertClose(double[] got, double[] expected) {
        assertThat(got).usingComparatorWithPrecision(TOLERANCE).containsExactly(expected);
    }

    /** The start has no randomness that reaches a rank; training has that of its minibatches and draws. */
    @Test
    void trainsAsFarAsTheAuthors() throws IOException {
        Path folder = FILES.resolve("seed42");
        ReferenceSimulation simulation = new ReferenceSimulation(folder);
        JsonNode curve = JsonMapper.builder()
                .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build()
                .readTree(folder.resolve("official_full.json").toFile())
                .get("curve");
        assertThat(correlation(simulation, 0)).isCloseTo(rho(curve, 0), within(1e-6));
        assertThat(correlation(simulation, 20)).isCloseTo(rho(curve, 20), within(0.005));
    }

    private static double correlation(ReferenceSimulation simulation, int epochs) {
        ReferenceFit fit = ReferenceFit.epochs(ReferenceLikelihood.binomial(2), epochs, 1);
        double[] u = fit.fit(simulation.training).effects(simulation.test);
        return new SpearmansCorrelation().correlation(u, simulation.trueEffects);
    }

    /** The authors' rank correlation of predicted and true bag effects. */
    private static double rho(JsonNode curve, int epoch) {
        for (JsonNode point : curve) {
            if (point.get("epoch").asInt() == epoch) {
                return point.get("rho_bag").asDouble();
            }
        }
        throw new AssertionError("no epoch " + epoch);
    }
}
