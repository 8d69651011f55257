package io.gmil.cli.exchange;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files of tensors for tests of other packages. */
public final class TestTensors {

    private TestTensors() {}

    /** Writes an .npz; a key is a name and the dimensions, separated by spaces. */
    public static void write(Path file, Map<String, double[]> arrays) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        arrays.forEach((key, values) -> {
            String[] parts = key.split(" ", -1);
            int[] shape =
                    Arrays.stream(parts).skip(1).mapToInt(Integer::parseInt).toArray();
            tensors.put(parts[0], new Tensor(shape, values));
        });
        NpzFile.write(file, tensors, Map.of());
    }

    /** The values of a tensor of any file. */
    public static double[] read(Path file, String name) throws IOException {
        return TensorFile.read(file).require(name).values();
    }

    /** Writes the tensors of a file as .safetensors, of parameters only with their last name. */
    public static void rewrite(Path from, Path to) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        TensorFile.read(from)
                .tensors()
                .forEach((name, tensor) -> tensors.put(name.substring(name.lastIndexOf('.') + 1), tensor));
        SafetensorsFile.write(to, tensors, Map.of());
    }
}
