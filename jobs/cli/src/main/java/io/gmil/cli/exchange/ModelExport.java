package io.gmil.cli.exchange;

import io.gmil.cli.UsageException;
import io.gmil.model.AuthorsPosterior;
import io.gmil.model.ModelSpec;
import io.gmil.model.Posterior;
import io.gmil.stream.saved.ModelFile;
import io.gmil.stream.saved.SavedModel;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a model for other programs, in the format that the ending of the file names. */
public final class ModelExport {

    private static final Set<String> ENDINGS = Set.of("npz", "safetensors", "onnx");

    private ModelExport() {}

    /** Refuses other endings. */
    public static void requireKnownFormat(Path file) {
        if (!ENDINGS.contains(TensorFile.ending(file))) {
            throw new UsageException("--out: expected a file that ends in .npz, .safetensors or .onnx, got " + file);
        }
    }

    /**
     * The model of one of the outcomes.
     *
     * @param outcome its name, null for all
     */
    public static SavedModel ofOutcome(SavedModel model, String outcome) {
        List<String> names =
                model.outcomes().stream().map(ModelFile.Outcome::name).toList();
        if (outcome == null) {
            return model;
        }
        int o = names.indexOf(outcome);
        if (o < 0) {
            throw new UsageException("--outcome: expected one of " + String.join(", ", names) + ", got " + outcome);
        }
        ModelFile file = model.file();
        return new SavedModel(
                new ModelFile(
                        file.format(),
                        file.formatVersion(),
                        List.of(file.outcomes().get(o)),
                        file.embedding(),
                        file.covariates(),
                        file.randomIntercept(),
                        file.prior(),
                        file.provenance(),
                        file.trainingSamples()),
                List.of(model.posteriors().get(o)));
    }

    /** Refuses what no format has a place for, or not this one. */
    private static void requirePlace(SavedModel model, String ending) {
        int heads = model.file().prior().heads();
        int groups = model.groups().levels().size();
        if (heads > 1 || groups > 0) {
            throw new UsageException("--model: expected a model with one head and without random intercepts, got "
                    + heads + " heads and " + groups + " random intercepts");
        }
        if (ending.equals("onnx") && model.outcomes().size() > 1) {
            throw new UsageException("--outcome: expected one of "
                    + model.outcomes().stream().map(ModelFile.Outcome::name).collect(Collectors.joining(", "))
                    + ", as an .onnx file predicts one outcome, got none");
        }
    }

    /** Writes the file; it appears when it is complete. */
    public static void write(SavedModel model, Path file) throws IOException {
        String ending = TensorFile.ending(file);
        requirePlace(model, ending);
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            switch (ending) {
                case "npz" -> NpzFile.write(part, tensors(model), AuthorsFile.texts(model));
                case "safetensors" -> SafetensorsFile.write(part, tensors(model), AuthorsFile.texts(model));
                default -> writeOnnx(model, part);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Map<String, Tensor> tensors(SavedModel model) {
        List<Posterior> columns = AuthorsFile.posteriors(model);
        Memory.require("--out", AuthorsPosterior.heapOut(columns));
        boolean full = model.file().prior().covariance() != ModelSpec.Covariance.MEAN_FIELD;
        double effects = 2.0 * model.file().embedding().width();
        Memory.requireLength("--out", Double.BYTES * columns.size() * effects * (full ? effects : 1));
        return AuthorsFile.tensors(model);
    }

    /** Numbers are there once as such and once as bytes. */
    private static void writeOnnx(SavedModel model, Path file) throws IOException {
        double bytes = Double.BYTES * (double) OnnxPredictor.size(model);
        Memory.require("--out", 2 * bytes);
        Memory.requireLength("--out", bytes);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            OnnxPredictor.of(model).writeTo(out);
        }
    }
}
