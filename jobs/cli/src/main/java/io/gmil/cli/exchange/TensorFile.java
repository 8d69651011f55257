package io.gmil.cli.exchange;

import io.gmil.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * A file of named tensors, of either format.
 *
 * @param file it was read from
 * @param tensors of float32 or float64, by name
 * @param others what else is there: names and their element types, which are not read
 * @param texts by name
 */
record TensorFile(Path file, Map<String, Tensor> tensors, Map<String, String> others, Map<String, String> texts) {

    private static final int LISTED = 20;

    /** Reads a file by its ending; whatever is wrong is said in one line. */
    static TensorFile read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new UsageException("expected a file of parameters, got " + file
                    + (Files.isDirectory(file) ? ", a directory" : ", which does not exist"));
        }
        return switch (ending(file)) {
            case "npz" -> NpzFile.read(file);
            case "safetensors" -> SafetensorsFile.read(file);
            default -> throw new UsageException("expected a .npz or .safetensors file, got " + file);
        };
    }

    /** What follows the last dot of the name. */
    static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Something wrong with a file. */
    static UsageException damaged(Path file, String what, String expected, Object got) {
        return new UsageException("%s: expected %s, got %s in %s".formatted(what, expected, got, file));
    }

    /** The tensor of this name, with or without what a program has put before it: {@code mu}, {@code posterior.mu}. */
    Optional<Tensor> find(String name) {
        List<String> found = tensors.keySet().stream()
                .filter(candidate -> named(candidate, name))
                .toList();
        if (found.size() > 1) {
            throw damaged(file, "tensor '" + name + "'", "one of that name", String.join(", ", found));
        }
        others.forEach((other, type) -> {
            if (found.isEmpty() && named(other, name)) {
                throw damaged(file, "tensor '" + other + "'", "float32 or float64", type);
            }
        });
        return found.stream().findFirst().map(tensors::get);
    }

    private static boolean named(String candidate, String name) {
        return candidate.equals(name) || candidate.endsWith("." + name);
    }

    /** The same, which has to be there. */
    Tensor require(String name) {
        return find(name).orElseThrow(() -> damaged(file, "tensor '" + name + "'", "one of that name", there()));
    }

    private String there() {
        List<String> names =
                new TreeSet<>(tensors.keySet()).stream().limit(LISTED).toList();
        return names.isEmpty()
                ? "none at all"
                : "none; there are: " + String.join(", ", names) + (names.size() < tensors.size() ? ", ..." : "");
    }
}
