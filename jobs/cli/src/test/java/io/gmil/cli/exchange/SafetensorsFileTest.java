package io.gmil.cli.exchange;

import static io.gmil.cli.exchange.Bytes.doubles;
import static io.gmil.cli.exchange.Bytes.floats;
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

class SafetensorsFileTest {

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("a.safetensors");
    }

    @Test
    void readsWhatOthersWrite() throws IOException {
        Bytes.safetensors(file(), """
                {"__metadata__":{"format":"pt"},"mu":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},
                "s":{"dtype":"F64","shape":[],"data_offsets":[0,8]},"h":{"dtype":"F16","shape":[2],"data_offsets":[16,20]}}\
                """, concat(doubles(7), floats(0.5f, -1), new byte[4]));
        TensorFile read = TensorFile.read(file());

        assertThat(read.require("mu").shape()).containsExactly(1, 2);
        assertThat(read.require("mu").values()).containsExactly(0.5, -1);
        assertThat(read.require("s").shape()).isEmpty();
        assertThat(read.require("s").values()).containsExactly(7);
        assertThat(read.texts()).containsExactly(Map.entry("format", "pt"));
        assertThatThrownBy(() -> read.require("h")).hasMessageContaining("expected float32 or float64, got F16");
    }

    private static byte[] concat(byte[]... parts) {
        byte[] all = new byte[Arrays.stream(parts).mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Test
    void whatIsWrittenIsReadToTheLastBit() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.b", Tensor.of(new double[] {0.1, -0.0, Double.NEGATIVE_INFINITY, 1e-300}, 2, 2));
        tensors.put("one", Tensor.of(new double[] {Math.PI}));
        tensors.put("none", Tensor.of(new double[0], 0));
        SafetensorsFile.write(file(), tensors, Map.of("text", "α \"quoted\""));
        TensorFile read = TensorFile.read(file());

        assertThat(read.tensors()).usingRecursiveComparison().isEqualTo(tensors);
        assertThat(read.texts()).containsExactly(Map.entry("text", "α \"quoted\""));
        assertThat(Files.readAllBytes(file())[0] % 8).as("values are aligned").isZero();
    }

    /** 16 bytes of values. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a":{"dtype":"F64","shape":[2],"data_offsets":[0,24]}} | data_offsets that rise and end at 16 at most
            {"a":{"dtype":"F64","shape":[2],"data_offsets":[16,0]}} | data_offsets that rise and end at 16 at most
            {"a":{"dtype":"F64","shape":[2],"data_offsets":[-8,8]}} | two data_offsets
            {"a":{"dtype":"F64","shape":[2],"data_offsets":[0]}} | two data_offsets
            {"a":{"dtype":"F64","shape":[2],"data_offsets":[0,8]}} | as many bytes as shape [2] of F64 has, got 8
            {"a":{"dtype":"F64","shape":[-2],"data_offsets":[0,16]}} | a shape of whole numbers, got [-2]
            {"a":{"dtype":"F64","shape":[2.5],"data_offsets":[0,16]}} | a shape of whole numbers, got [2.5]
            {"a":{"dtype":"F64","shape":[99999,99999,9],"data_offsets":[0,16]}} | as many bytes as shape
            {"a":{"dtype":"F64","data_offsets":[0,16]}} | a shape, got none
            {"a":{"dtype":"F65","shape":[2],"data_offsets":[0,16]}} | a dtype of safetensors, got 'F65'
            {"a":{"shape":[2],"data_offsets":[0,16]}} | a dtype of safetensors, got ''
            {"a":3} | a dtype of safetensors, got ''
            {"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}} | values: expected 8 bytes as in the header, got 16
            {"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}} | values that begin at 0, got 8
            {"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"b":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}} | tensor 'b': expected values that begin at 16, got 8
            {"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"F64","shape":[1],"data_offsets":[8,16]}} | JSON with each name once
            {"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}} | JSON with each name once
            {"a":{"dtype":"F64" | JSON with each name once
            [1] | a JSON object, got other JSON
            """)
    void refusesAHeaderThatIsNotTheFile(String header, String expected) throws IOException {
        Bytes.safetensors(file(), header, doubles(1, 2));
        assertThatThrownBy(() -> TensorFile.read(file()))
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll("expected", expected, "in " + file());
    }

    @Test
    void refusesALengthThatIsNot() throws IOException {
        for (long length : new long[] {-1, 0, 99, Long.MAX_VALUE}) {
            Bytes.withLength(file(), length, "{}", new byte[0]);
            assertThatThrownBy(() -> TensorFile.read(file()))
                    .isInstanceOf(UsageException.class)
                    .hasMessageContaining("length of the header: expected 2 to 2, got ");
        }
        Files.write(file(), new byte[7]);
        assertThatThrownBy(() -> TensorFile.read(file())).hasMessageContaining("expected at least 8 bytes, got 7");
    }

    @Test
    void aFileCutAnywhereIsRefused() throws IOException {
        SafetensorsFile.write(file(), Map.of("a", Tensor.of(new double[] {1, 2}, 2)), Map.of("text", "x"));
        byte[] whole = Files.readAllBytes(file());
        for (int length = 0; length < whole.length; length++) {
            Files.write(file(), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> TensorFile.read(file())).isInstanceOf(UsageException.class);
        }
    }
}
