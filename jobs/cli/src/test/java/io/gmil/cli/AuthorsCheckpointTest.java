package io.gmil.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gmil.cli.exchange.TestTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * On files of {@code ../shared/reference}, which are not part of the repository: the authors' trained
 * parameters, imported, predict what they predict there.
 */
class AuthorsCheckpointTest {

    private static final Path REFERENCE = Path.of(
                    System.getProperty("GMIL_SHARED", System.getenv().getOrDefault("GMIL_SHARED", "../../../shared")))
            .resolve("reference");

    private static final Path FILES = REFERENCE.resolve("simulation");

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

    /** Three classes whose effects are independent: u is the authors' to rounding of the cells. */
    @ParameterizedTest
    @ValueSource(strings = {"categorical_P3_full", "categorical_P3_meanfield"})
    void predictsTheAuthorsClasses(String name) throws IOException {
        JsonNode golden = new ObjectMapper()
                .readTree(REFERENCE.resolve("golden/" + name + ".json").toFile());
        JsonNode params = golden.get("params");
        JsonNode predict = golden.get("predict");
        TestTensors.write(
                path("c.npz"),
                Map.of(
                        "alpha 2 3",
                        flat(params.get("alpha")),
                        "log_sigma_u 1 3",
                        flat(params.get("log_sigma_u")),
                        "log_sigma_z 1 3",
                        flat(params.get("log_sigma_z")),
                        "posterior.mu 3 8",
                        flat(params.get("mu")),
                        "posterior.cov_factor 3 8 " + golden.get("R").asInt(),
                        flat(params.get("cov_factor")),
                        "posterior.cov_logdiag 3 8",
                        flat(params.get("cov_logdiag")),
                        "scale_mean 3 1",
                        flat(predict.get("scaling_mean")),
                        "scale_std 3 1",
                        flat(predict.get("scaling_std"))));
        Run run =
                Run.of("import " + path("c.npz") + " --covariates x --likelihood categorical --model " + path("model"));
        assertThat(run.err()).isEmpty();
        predict(cohort(golden.get("inputs")), "--top-k all --attention " + path("a.csv"));

        double[] u = Files.readAllLines(path("p.csv")).stream()
                .skip(1)
                .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[5]))
                .toArray();
        assertThat(u).usingComparatorWithPrecision(TOLERANCE).containsExactly(flat(predict.get("u_with_scaling")));
    }

    private Path cohort(JsonNode inputs) throws IOException {
        List<String> lines = new ArrayList<>(List.of("bag_id,x,f0,f1,f2,f3"));
        for (int n = 0; n < inputs.get("X").size(); n++) {
            String bag = "s" + n + "," + inputs.get("F").get(n).get(1).asText();
            for (JsonNode cell : inputs.get("X").get(n)) {
                StringBuilder line = new StringBuilder(bag);
                cell.forEach(value -> line.append(',').append(value.asText()));
                lines.add(line.toString());
            }
        }
        return Files.write(path("golden.csv"), lines);
    }

    /** All numbers in order. */
    private static double[] flat(JsonNode node) {
        if (node.isNumber()) {
            return new double[] {node.asDouble()};
        }
        return StreamSupport.stream(node.spliterator(), false)
                .flatMapToDouble(each -> Arrays.stream(flat(each)))
                .toArray();
    }
}
