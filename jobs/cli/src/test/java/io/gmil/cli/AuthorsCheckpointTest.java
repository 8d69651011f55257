package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.gmil.cli.exchange.TestTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On the cohorts of {@code ../shared/reference/simulation}, which are not part of the repository: the authors' trained
 * parameters, imported, predict what they predict there.
 */
class AuthorsCheckpointTest {

    private static final Path FILES = Path.of(
                    System.getProperty("GMIL_SHARED", System.getenv().getOrDefault("GMIL_SHARED", "../../../shared")))
            .resolve("reference/simulation");

    private static final int CELLS = 50;
    private static final String OUTCOME = "--likelihood binomial --trials 2 --embedding obsm/X_emb";

    /** The authors' figures are float32. */
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path directory;

    @BeforeEach
    void needsTheFiles() {
        assumeThat(FILES)
                .as("what the authors' model made of a cohort, see GMIL_SHARED; without it nothing here is tested")
                .isDirectory();
    }

    private Path path(String name) {
        return directory.resolve(name);
    }

    private void importing(Path file, String more) {
        Run run = Run.of("import " + file + " --overwrite --model " + path("model"), OUTCOME, more);
        assertThat(run.err()).isEmpty();
    }

    private void predict(Path cohort, String more) {
        Run run = Run.of("predict " + cohort + " --overwrite --model " + path("model"), "--out " + path("p.csv"), more);
        assertThat(run.err()).isEmpty();
    }

    /** A column of the lines of test samples, in the order of the file. */
    private List<String[]> test(String file) throws IOException {
        return Files.readAllLines(path(file)).stream()
                .filter(line -> line.startsWith("test"))
                .map(line -> line.split(",", -1))
                .toList();
    }

    private void assertEffects(double[] expected) throws IOException {
        double[] u = test("p.csv").stream()
                .mapToDouble(fields -> Double.parseDouble(fields[5]))
                .toArray();
        assertThat(u).usingComparatorWithPrecision(TOLERANCE).containsExactly(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"seed42", "seed43"})
    void predictsWhatTheAuthorsPredict(String seed) throws IOException {
        Path official = FILES.resolve(seed).resolve("official_full.npz");
        importing(official, "");
        predict(FILES.resolve(seed).resolve("data.h5ad"), "--top-k all --attention " + path("a.csv"));

        assertEffects(TestTensors.read(official, "u_pred_test_trainscale"));
        double[] weights = new double[200 * CELLS];
        List<String> ids = new ArrayList<>();
        for (String[] fields : test("a.csv")) {
            if (!ids.contains(fields[0])) {
                ids.add(fields[0]);
            }
            int cell = Integer.parseInt(fields[3].substring("cell".length())) % CELLS;
            weights[(ids.size() - 1) * CELLS + cell] = Double.parseDouble(fields[4]);
        }
        assertThat(weights)
                .usingComparatorWithPrecision(TOLERANCE)
                .containsExactly(TestTensors.read(official, "w_pred_test"));
    }

    @Test
    void theTrainScaleOfTheCohortIsThatOfTheFile() throws IOException {
        Path official = FILES.resolve("seed42/official_full.npz");
        Path cohort = FILES.resolve("seed42/data.h5ad");
        TestTensors.rewrite(official, path("official.safetensors"));
        importing(path("official.safetensors"), "--label Y --split split --train train --cohort " + cohort + labels());
        predict(cohort, "");
        assertEffects(TestTensors.read(official, "u_pred_test_trainscale"));
    }

    private String labels() {
        return " --labels " + FILES.resolve("seed42/patients.csv");
    }
}
