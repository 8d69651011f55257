package io.gmil.cli.exchange;

import static io.gmil.cli.exchange.Bytes.doubles;
import static io.gmil.cli.exchange.Bytes.floats;
import static io.gmil.cli.exchange.Bytes.npy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gmil.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NpzFileTest {

    @TempDir
    private Path directory;

    private Path path(String name) {
        return directory.resolve(name);
    }

    private static void assertTensor(Tensor got, int[] shape, double... values) {
        assertThat(got.shape()).containsExactly(shape);
        assertThat(got.values()).containsExactly(values);
    }

    @Test
    void readsWhatNumpyWrites() throws IOException {
        byte[] six = doubles(0, 1, 2, 3, 4, 5);
        Path file = Bytes.zip(
                path("a.npz"),
                "c.npy",
                npy(1, "<f8", false, "(2, 3)", six),
                "fortran.npy",
                npy(2, "<f8", true, "(2, 3)", six),
                "cube.npy",
                npy(3, "<f8", true, "(1, 2, 3)", six),
                "param.x.npy",
                npy(1, "<f4", false, "(2,)", floats(0.5f, -1)),
                "number.npy",
                npy(1, "<f8", false, "()", doubles(7)),
                "none.npy",
                npy(1, "<f8", false, "(0, 3)", doubles()),
                "names.npy",
                npy(1, "<U2", false, "(1,)", new byte[8]),
                "note",
                new byte[] {'h', 'i'});
        TensorFile read = TensorFile.read(file);

        assertTensor(read.require("c"), new int[] {2, 3}, 0, 1, 2, 3, 4, 5);
        assertTensor(read.require("fortran"), new int[] {2, 3}, 0, 2, 4, 1, 3, 5);
        assertTensor(read.require("cube"), new int[] {1, 2, 3}, 0, 2, 4, 1, 3, 5);
        assertTensor(read.require("x"), new int[] {2}, 0.5, -1);
        assertTensor(read.require("number"), new int[] {}, 7);
        assertTensor(read.require("none"), new int[] {0, 3});
        assertThat(read.texts()).containsExactly(Map.entry("note", "hi"));
        assertThatThrownBy(() -> read.require("names"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("tensor 'names': expected float32 or float64, got <U2 in " + file);
        assertThatThrownBy(() -> read.require("mu"))
                .hasMessageContaining(
                        "expected one of that name, got none; there are: c, cube, fortran, none, number,");
    }

    @Test
    void whatIsWrittenIsReadToTheLastBit() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.b", Tensor.of(new double[] {0.1, -0.0, Double.NEGATIVE_INFINITY, 1e-300}, 2, 2));
        tensors.put("one", Tensor.of(new double[] {Math.PI}));
        tensors.put("none", Tensor.of(new double[0], 0));
        NpzFile.write(path("a.npz"), tensors, Map.of("text", "α"));
        NpzFile.write(path("b.npz"), tensors, Map.of("text", "α"));
        TensorFile read = TensorFile.read(path("a.npz"));

        assertThat(read.tensors()).usingRecursiveComparison().isEqualTo(tensors);
        assertThat(read.texts()).containsExactly(Map.entry("text", "α"));
        assertThat(path("a.npz")).hasSameBinaryContentAs(path("b.npz"));
    }

    /** Each of them is a good array but for one thing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            <f8 | (2, 2) | 3 | expected 32 bytes of values for shape [2, 2], got 24
            <f8 | (2, 2) | 5 | expected 32 bytes of values for shape [2, 2], got 40
            <f8 | (99999, 99999, 99) | 3 | expected a shape that fits into memory, got [99999, 99999, 99]
            <f8 | (-1, 3) | 3 | expected 'shape' in the header, got {'descr'
            <f8 | (9999999999,) | 3 | expected 'shape' in the header, got {'descr'
            """)
    void refusesAnArrayThatIsNotItsHeader(String descr, String shape, int values, String expected) throws IOException {
        Path file = Bytes.zip(path("a.npz"), "x.npy", npy(1, descr, false, shape, doubles(new double[values])));
        assertThatThrownBy(() -> TensorFile.read(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll("'x.npy': " + expected, "in " + file);
    }

    @Test
    void refusesWhatIsNoArray() throws IOException {
        byte[] good = npy(1, "<f8", false, "(1,)", doubles(1));
        assertRefused(Arrays.copyOf(good, 30), "expected a header of");
        assertRefused(Arrays.copyOf(good, 8), "expected a header, got 8 bytes");
        assertRefused(new byte[0], "expected an array that begins with \\x93NUMPY");
        byte[] other = good.clone();
        other[0] = 'N';
        assertRefused(other, "expected an array that begins with \\x93NUMPY, got other bytes");
        assertRefused(npy(4, "<f8", false, "(1,)", doubles(1)), "expected version 1 to 3, got 4");
    }

    private void assertRefused(byte[] npy, String expected) throws IOException {
        Path file = Bytes.zip(path("a.npz"), "x.npy", npy);
        assertThatThrownBy(() -> TensorFile.read(file))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("'x.npy': " + expected);
    }

    @Test
    void refusesWhatIsNoZip() throws IOException {
        Path whole = Bytes.zip(path("a.npz"), "x.npy", npy(1, "<f8", false, "(1,)", doubles(1)));
        byte[] bytes = Files.readAllBytes(whole);
        Files.write(path("cut.npz"), Arrays.copyOf(bytes, bytes.length / 2));
        Files.write(path("other.npz"), new byte[] {1, 2, 3});
        for (String name : new String[] {"cut.npz", "other.npz"}) {
            assertThatThrownBy(() -> TensorFile.read(path(name)))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContainingAll(".npz: expected a zip of .npy arrays, got a damaged or another", name);
        }
        assertThatThrownBy(() -> TensorFile.read(path("a.pt"))).hasMessageContaining("a.pt, which does not exist");
        assertThatThrownBy(() -> TensorFile.read(directory)).hasMessageContaining("a directory");
        assertThatThrownBy(() -> TensorFile.read(Files.write(path("a.pt"), bytes)))
                .hasMessageContaining("expected a .npz or .safetensors file");
    }

    @Test
    void aNameWithTwoTensorsIsNotGuessed() throws IOException {
        byte[] one = npy(1, "<f8", false, "(1,)", doubles(1));
        TensorFile read = TensorFile.read(Bytes.zip(path("a.npz"), "a.mu.npy", one, "b.mu.npy", one));
        assertThatThrownBy(() -> read.find("mu")).hasMessageContaining("expected one of that name, got a.mu, b.mu");
        assertThat(read.find("u")).isEmpty();
    }
}
