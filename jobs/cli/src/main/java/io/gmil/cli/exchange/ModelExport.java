package io.gmil.cli.exchange;

import io.gmil.cli.UsageException;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;

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

    /** Writes the file; it appears when it is complete. */
    public static void write(SavedModel model, Path file) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            switch (TensorFile.ending(file)) {
                case "npz" -> NpzFile.write(part, AuthorsFile.tensors(model), AuthorsFile.texts(model));
                case "safetensors" -> SafetensorsFile.write(part, AuthorsFile.tensors(model), AuthorsFile.texts(model));
                default -> Files.write(part, OnnxPredictor.of(model).toByteArray());
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
