package io.gmil.cli.experiments;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The directory of results: {@code experiments.md}, its plots, and {@code experiments.json} with the figures of every fit. */
public final class Notebook {

    /** The page. */
    public static final String PAGE = "experiments.md";

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path directory;
    private final Authors authors = Authors.read();

    /** @param directory that exists */
    public Notebook(Path directory) {
        this.directory = directory;
    }

    /** Replaces what is there; to be called after each experiment, so that a run that is stopped leaves something. */
    public void write(List<Result> results) throws IOException {
        Result last = results.get(results.size() - 1);
        for (Figure figure : last.experiment().plotted()) {
            Svg.write(new Plot(last, figure, authors).chart(), directory.resolve(Plot.file(last.name(), figure)));
        }
        Files.writeString(directory.resolve(PAGE), new Page(authors).of(results));
        JSON.writeValue(directory.resolve("experiments.json").toFile(), document(results));
    }

    private static ObjectNode document(List<Result> results) {
        Scale scale = results.get(0).scale();
        ObjectNode document = JSON.createObjectNode();
        document.put("quick", scale.quick()).put("seed", scale.seed()).put("outcomes", scale.outcomes());
        ObjectNode experiments = document.putObject("experiments");
        for (Result result : results) {
            ObjectNode experiment = experiments.putObject(result.name().toString());
            experiment.put("title", result.experiment().title()).put("seconds", result.seconds());
            ArrayNode fits = experiment.putArray("fits");
            result.fits().forEach(fit -> put(fit, fits.addObject()));
        }
        return document;
    }

    private static void put(Measured fit, ObjectNode into) {
        into.put("setting", fit.setting()).put("model", fit.model());
        into.put("seed", fit.seed()).put("outcome", fit.outcome());
        fit.figures().forEach((figure, value) -> {
            if (Double.isFinite(value)) {
                into.put(figure.key(), value);
            } else {
                into.putNull(figure.key());
            }
        });
    }
}
