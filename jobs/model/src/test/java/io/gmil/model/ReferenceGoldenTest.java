package io.gmil.model;

import static io.gmil.model.ReferenceGolden.compare;
import static io.gmil.model.ReferenceGolden.transposed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The reference mode equals the authors' code on every file of {@code ../shared/reference/golden}, which is not part of
 * the repository.
 */
class ReferenceGoldenTest {
    private static final Path FILES = ReferenceGolden.SHARED.resolve("reference/golden");
    private static final int FILES_OF_THIS_VERSION = 27;

    /** What {@code LogisticRegressionCV} leaves open: it stops at a gradient of 1e-4. */
    private static final double REGRESSION = 1e-3;

    /**
     * {@code start_noise} is the distance of two runs of {@code fit_vb}, so a file is off the optimum by about as much; our
     * fit is at the optimum.
     */
    private static final double START_NOISES = 2;

    @TestFactory
    List<DynamicTest> everyFile() throws IOException {
        if (!Files.isDirectory(ReferenceGolden.SHARED)) {
            return List.of(DynamicTest.dynamicTest("golden files", ReferenceGoldenTest::needTheFiles));
        }
        try (Stream<Path> files = Files.list(FILES)) {
            List<Path> golden = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
            assertThat(golden).hasSizeGreaterThanOrEqualTo(FILES_OF_THIS_VERSION);
            return golden.stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)))
                    .toList();
        }
    }

    /** Inside a test, so that the build counts it as skipped. */
    private static void needTheFiles() {
        assumeThat(ReferenceGolden.SHARED)
                .as("what the authors' code computed, see GMIL_SHARED; without it nothing here is tested")
                .isDirectory();
    }

    private static void check(Path file) throws IOException {
        ReferenceGolden golden = new ReferenceGolden(file);
        String name = file.getFileName().toString();
        if (golden.root.has("forward")) {
            new ReferenceForwardCheck(golden).run();
            gradients(golden);
            predictions(golden);
        } else if (golden.root.has("steps")) {
            trajectory(golden);
        } else if (name.startsWith("init_")) {
            start(golden);
        } else if (golden.root.has("official_error")) {
            identicalBags(golden);
        } else {
            fail("no test for " + name);
        }
    }

    private static void gradients(ReferenceGolden golden) {
        JsonNode inputs = golden.root.get("inputs");
        ReferenceParameters parameters = golden.parameters(golden.root.get("params"));
        ReferenceLoss loss = ReferenceLoss.of(
                golden.likelihood(),
                parameters,
                ReferenceGolden.bags(inputs),
                golden.noise(inputs),
                golden.root.get("kld_w").asDouble());
        assertGradient(golden, "grad_loss", loss.gradient());
        assertGradient(golden, "grad_neg_ll", golden.dataTerm().negativeGradient());
        assertGradient(golden, "grad_kl_sum", new ReferenceKl(parameters).gradient);
        assertTrainable(golden, parameters);
    }

    private static void assertGradient(ReferenceGolden golden, String section, ReferenceParameters got) {
        JsonNode expected = golden.root.get(section);
        ReferenceGolden.named(got)
                .forEach((name, values) ->
                        compare(section + "." + name, values, expected.get(name), ReferenceGolden.EXACT));
    }

    private static void assertTrainable(ReferenceGolden golden, ReferenceParameters parameters) {
        Set<String> trainable = golden.root
                .get("official_trainable")
                .valueStream()
                .map(node -> node.asText().replace("posterior.", ""))
                .collect(Collectors.toSet());
        ReferenceGolden.named(parameters).forEach((name, values) -> assertThat(parameters.trained())
                .as(name)
                .satisfies(trained -> assertThat(trained.stream().anyMatch(array -> array == values))
                        .isEqualTo(trainable.contains(name))));
    }

    private static void predictions(ReferenceGolden golden) {
        JsonNode expected = golden.root.get("predict");
        List<ReferenceBag> bags = ReferenceGolden.bags(golden.root.get("inputs"));
        ReferenceModel model = new ReferenceModel(
                golden.parameters(golden.root.get("params")),
                Golden.numbers(expected.get("scaling_mean")),
                Golden.numbers(expected.get("scaling_std")));
        compare("u", model.batchEffects(bags), expected.get("u"), ReferenceGolden.EXACT);
        compare("u_with_scaling", model.effects(bags), expected.get("u_with_scaling"), ReferenceGolden.EXACT);
        for (int n = 0; n < bags.size(); n++) {
            ReferenceGolden.compareAttention(
                    model.attention(bags.get(n)),
                    expected.get("att_logits").get(n),
                    expected.get("weights").get(n));
        }
    }

    private static void trajectory(ReferenceGolden golden) {
        List<ReferenceBag> bags = ReferenceGolden.bags(golden.root);
        ReferenceParameters parameters = golden.parameters(golden.root.get("params0"));
        ReferenceAdam adam =
                new ReferenceAdam(parameters.trained(), golden.root.get("lr").asDouble());
        for (JsonNode step : golden.root.get("steps")) {
            List<ReferenceBag> batch = step.get("batch_index")
                    .valueStream()
                    .map(index -> bags.get(index.asInt()))
                    .toList();
            ReferenceLoss loss = ReferenceLoss.of(
                    golden.likelihood(),
                    parameters,
                    batch,
                    golden.noise(step),
                    step.get("kld_w").asDouble());
            compare("loss", new double[] {loss.value()}, step.get("loss"), ReferenceGolden.EXACT);
            compare("ll", new double[] {loss.logLikelihood()}, step.get("ll"), ReferenceGolden.EXACT);
            compare("kld", new double[] {loss.klTerm()}, step.get("kld"), ReferenceGolden.EXACT);
            adam.step(loss.gradient().trained());
            JsonNode after = step.get("params_after");
            ReferenceGolden.named(parameters)
                    .forEach((name, values) -> compare(name, values, after.get(name), ReferenceGolden.EXACT));
        }
    }

    private static void start(ReferenceGolden golden) {
        ReferenceStart start = ReferenceStart.of(golden.likelihood(), ReferenceGolden.bags(golden.root));
        int outputs = golden.size("P");
        assertStart(golden, "mu_z", transposed(start.muZ(), outputs));
        assertStart(golden, "sd_z", transposed(start.sdZ(), outputs));
        assertStart(golden, "var_z", start.varZ());
        assertStart(golden, "alpha", start.alpha());
        for (boolean meanField : new boolean[] {false, true}) {
            JsonNode model = golden.root.get(meanField ? "model_meanfield" : "model_full");
            var named = ReferenceGolden.named(start.parameters(meanField, new Random(1)));
            model.properties().stream()
                    .filter(entry -> named.containsKey(entry.getKey()))
                    .forEach(entry -> compare(entry.getKey(), named.get(entry.getKey()), entry.getValue(), REGRESSION));
        }
    }

    private static void assertStart(ReferenceGolden golden, String name, double[] got) {
        double noise = golden.root.get("start_noise").get(name).asDouble();
        boolean classes = golden.root.get("likelihood").asText().equals("categorical");
        double tolerance = classes ? REGRESSION : START_NOISES * noise;
        compare(name, got, golden.root.get(name), tolerance);
    }

    /** The authors' u is NaN and their loss fails; here sd counts as 1, hence u as 0. */
    private static void identicalBags(ReferenceGolden golden) {
        JsonNode inputs = golden.root.get("inputs");
        JsonNode stored = golden.root.get("params");
        double[] alpha = new double[golden.size("P")];
        ReferenceParameters parameters = new ReferenceParameters(
                golden.size("Q"),
                1,
                golden.size("P"),
                2 * golden.size("Q"),
                alpha,
                new double[alpha.length],
                new double[alpha.length],
                Golden.numbers(stored.get("mu")),
                Golden.numbers(stored.get("cov_factor")),
                Golden.numbers(stored.get("cov_logdiag")));
        List<ReferenceBag> bags = inputs.get("X")
                .valueStream()
                .map(x -> new ReferenceBag(Golden.numbers(x), x.size(), new double[] {1}, new double[] {1}))
                .toList();
        var data = new ReferenceLogLikelihood(ReferenceLikelihood.binomial(2), parameters, bags, golden.noise(inputs));
        assertThat(data.standardised.sd).containsOnly(1);
        assertThat(Arrays.stream(data.effects())).allMatch(u -> Math.abs(u) < 1e-12);
        assertThat(data.value).isFinite();
        ReferenceGolden.named(data.negativeGradient()).values().forEach(values -> assertThat(Arrays.stream(values))
                .allMatch(Double::isFinite));
        double[] predicted = ReferenceModel.of(parameters, bags).batchEffects(bags);
        assertThat(Arrays.stream(predicted)).allMatch(u -> Math.abs(u) < 1e-12);
    }
}
