package io.gmil.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** What the numpy reference computed: golden.json, written by golden.py. */
final class Golden {
    final JsonNode root;
    final ModelSpec spec;
    final FeatureScaler scaler;
    final List<LabelledBag> bags = new ArrayList<>();

    Golden() {
        try (InputStream in = Golden.class.getResourceAsStream("/golden.json")) {
            root = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int width = root.get("Q").asInt();
        int trials = root.get("trials").asInt();
        ModelSpec defaults = ModelSpec.binomial(trials, width, root.get("K").asInt());
        spec = new ModelSpec(
                defaults.likelihood(),
                defaults.shape(),
                defaults.prior(),
                defaults.covariance(),
                defaults.damping(),
                4,
                defaults.seed());
        scaler = new FeatureScaler(numbers(root.get("scaler_mean")), numbers(root.get("scaler_sd")));
        for (int n = 0; n < root.get("cells").size(); n++) {
            double[] values = numbers(root.get("cells").get(n));
            float[] cells = new float[values.length];
            for (int i = 0; i < cells.length; i++) {
                cells[i] = (float) values[i];
            }
            bags.add(new LabelledBag(
                    Cells.of(cells, cells.length / width, width),
                    numbers(root.get("fixed_effects").get(n)),
                    root.get("y").get(n).asDouble(),
                    trials));
        }
    }

    /** Numbers of a possibly nested list, in order. */
    static double[] numbers(JsonNode node) {
        List<Double> values = new ArrayList<>();
        collect(node, values);
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void collect(JsonNode node, List<Double> values) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, values));
        } else {
            values.add(node.asDouble());
        }
    }

    /** The posterior at which a section's sites were computed. */
    PosteriorSnapshot snapshot(JsonNode section, Phase phase) {
        return new PosteriorSnapshot(
                spec,
                0,
                1,
                phase,
                0,
                0,
                spec.prior().variances(),
                numbers(section.get("mean")),
                Factor.exact(spec.dimension(), numbers(section.get("inverse_cholesky"))));
    }

    /** A posterior with this mean. */
    PosteriorSnapshot at(double[] mean) {
        PosteriorSnapshot prior = PosteriorSnapshot.prior(spec);
        return new PosteriorSnapshot(spec, 0, 1, Phase.SAMPLED, 0, 0, prior.variances(), mean, prior.factor());
    }
}
