package io.gmil.cli.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gmil.cli.evaluate.Spread;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Figures of the authors' code on the same settings, from {@code authors.json}, which names their source. They are of
 * cohorts that the authors' code drew, not of the same bags.
 */
final class Authors {

    /**
     * One figure.
     *
     * @param experiment by its name
     * @param setting as written on the axis
     * @param model by the title of the contender that it belongs to
     * @param figure by its key
     * @param value of it
     */
    record Published(String experiment, String setting, String model, String figure, Spread value) {}

    private final String source;
    private final List<Published> figures = new ArrayList<>();

    private Authors(JsonNode document) {
        this.source = document.get("source").asText();
        for (JsonNode row : document.get("figures")) {
            for (Figure figure : Figure.values()) {
                if (row.has(figure.key())) {
                    figures.add(new Published(
                            row.get("experiment").asText(),
                            row.get("setting").asText(),
                            row.get("model").asText(),
                            figure.key(),
                            spread(row.get(figure.key()))));
                }
            }
        }
    }

    private static Spread spread(JsonNode value) {
        return value.isArray()
                ? new Spread(value.get(0).asDouble(), value.get(1).asDouble())
                : new Spread(value.asDouble(), null);
    }

    static Authors read() {
        try (InputStream in = Authors.class.getResourceAsStream("authors.json")) {
            return new Authors(new ObjectMapper().readTree(Objects.requireNonNull(in, "authors.json")));
        } catch (IOException e) {
            throw new UncheckedIOException("authors.json", e);
        }
    }

    /** Where the figures are from, one sentence. */
    String source() {
        return source;
    }

    /** Null where there is none. */
    Spread figure(ExperimentName experiment, String setting, String model, Figure figure) {
        return figures.stream()
                .filter(each -> each.experiment().equals(experiment.toString())
                        && each.setting().equals(setting)
                        && each.model().equals(model)
                        && each.figure().equals(figure.key()))
                .map(Published::value)
                .findFirst()
                .orElse(null);
    }

    /** All of them. */
    List<Published> figures() {
        return List.copyOf(figures);
    }
}
