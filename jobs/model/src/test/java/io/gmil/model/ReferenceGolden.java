package io.gmil.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One file of what the authors' code computed, see golden/README.md beside them. */
final class ReferenceGolden {
    static final Path SHARED =
            Path.of(System.getProperty("GMIL_SHARED", System.getenv().getOrDefault("GMIL_SHARED", "../../../shared")));

    /** Of computations in double precision; the largest error is about 1e-14. */
    static final double EXACT = 1e-12;

    private static final double OF_SMALL = 1e-8;
    private static final double ROUNDING = 1e-14;

    final JsonNode root;

    ReferenceGolden(Path file) throws IOException {
        root = new ObjectMapper().readTree(Files.readAllBytes(file));
    }

    int size(String name) {
        return root.get(name).asInt();
    }

    ReferenceLikelihood likelihood() {
        return root.get("likelihood").asText().equals("categorical")
                ? ReferenceLikelihood.categorical()
                : ReferenceLikelihood.binomial(root.get("n_trials").asInt());
    }

    /** The bags of a node with X, F and Y. */
    static List<ReferenceBag> bags(JsonNode inputs) {
        List<ReferenceBag> bags = new ArrayList<>();
        for (int n = 0; n < inputs.get("X").size(); n++) {
            JsonNode cells = inputs.get("X").get(n);
            bags.add(new ReferenceBag(
                    Golden.numbers(cells),
                    cells.size(),
                    Golden.numbers(inputs.get("F").get(n)),
                    Golden.numbers(inputs.get("Y").get(n))));
        }
        return bags;
    }

    ReferenceNoise noise(JsonNode node) {
        return new ReferenceNoise(size("S"), Golden.numbers(node.get("eps_W")), Golden.numbers(node.get("eps_D")));
    }

    ReferenceParameters parameters(JsonNode node) {
        int width = size("Q");
        int rank = root.path("mean_field").asBoolean(false) ? 1 : 2 * width;
        return new ReferenceParameters(
                width,
                size("K"),
                size("P"),
                rank,
                Golden.numbers(node.get("alpha")),
                Golden.numbers(node.get("log_sigma_u")),
                Golden.numbers(node.get("log_sigma_z")),
                Golden.numbers(node.get("mu")),
                Golden.numbers(node.get("cov_factor")),
                Golden.numbers(node.get("cov_logdiag")));
    }

    ReferenceLogLikelihood dataTerm() {
        JsonNode inputs = root.get("inputs");
        return new ReferenceLogLikelihood(likelihood(), parameters(root.get("params")), bags(inputs), noise(inputs));
    }

    static void compareAttention(ReferenceAttention attention, JsonNode logits, JsonNode weights) {
        compare("attention logits", attention.logits(), logits, EXACT);
        compare("attention weights", attention.weights(), weights, EXACT);
    }

    static Map<String, double[]> named(ReferenceParameters p) {
        return Map.of(
                "alpha", p.alpha(),
                "log_sigma_u", p.logSigmaU(),
                "log_sigma_z", p.logSigmaZ(),
                "mu", p.mu(),
                "cov_factor", p.covFactor(),
                "cov_logdiag", p.covLogdiag());
    }

    /**
     * Compares to |got − expected| ≤ tolerance · max(1, |expected|). Of exact figures those under 1 are sums in which larger
     * ones cancel: they are held to {@value #OF_SMALL} of themselves, or to {@value #ROUNDING} of all.
     */
    static void compare(String what, double[] got, JsonNode node, double tolerance) {
        double[] expected = Golden.numbers(node);
        assertThat(got).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < got.length; i++) {
            if (Double.compare(got[i], expected[i]) != 0) {
                assertThat(Math.abs(got[i] - expected[i]))
                        .as("%s[%d]: expected %s, got %s", what, i, expected[i], got[i])
                        .isLessThanOrEqualTo(allowed(Math.abs(expected[i]), tolerance));
            }
        }
    }

    private static double allowed(double size, double tolerance) {
        if (tolerance > EXACT || size >= 1) {
            return tolerance * Math.max(1, size);
        }
        return Math.min(tolerance, Math.max(OF_SMALL * size, ROUNDING));
    }

    /** Columns × rows as rows × columns. */
    static double[] transposed(double[] values, int columns) {
        int rows = values.length / columns;
        double[] out = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            out[i % rows * columns + i / rows] = values[i];
        }
        return out;
    }
}
