package io.gmil.cli.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gmil.cli.UsageException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * safetensors: length of the header (8 bytes), header in JSON, values. As strict as the format asks for: names once,
 * types known, the values of all tensors side by side without gap or overlap up to the end.
 */
final class SafetensorsFile {

    private static final String METADATA = "__metadata__";
    private static final int LONGEST_HEADER = 100_000_000;
    private static final int ALIGNMENT = 8;
    private static final Map<String, Integer> BITS = Map.ofEntries(
            Map.entry("F64", 64),
            Map.entry("F32", 32),
            Map.entry("F16", 16),
            Map.entry("BF16", 16),
            Map.entry("F8_E4M3", 8),
            Map.entry("F8_E5M2", 8),
            Map.entry("C64", 64),
            Map.entry("I64", 64),
            Map.entry("I32", 32),
            Map.entry("I16", 16),
            Map.entry("I8", 8),
            Map.entry("U64", 64),
            Map.entry("U32", 32),
            Map.entry("U16", 16),
            Map.entry("U8", 8),
            Map.entry("BOOL", 8));
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final ByteBuffer bytes;
    private final int begin;
    private final JsonNode header;
    private final List<Span> spans = new ArrayList<>();

    /** Where the values of a tensor are, from the end of the header. */
    private record Span(String name, long from, long to) {}

    private SafetensorsFile(Path file) throws IOException {
        this.file = file;
        if (Files.size(file) > Integer.MAX_VALUE - 8) {
            throw damaged("file", "at most 2 GB", Files.size(file) + " bytes");
        }
        this.bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        if (bytes.capacity() < Long.BYTES) {
            throw damaged("file", "at least 8 bytes", bytes.capacity());
        }
        long length = bytes.getLong(0);
        int most = Math.min(LONGEST_HEADER, bytes.capacity() - Long.BYTES);
        if (length < 2 || length > most) {
            throw damaged("length of the header", "2 to " + most, Long.toUnsignedString(length));
        }
        this.begin = Long.BYTES + (int) length;
        this.header = header((int) length);
    }

    private JsonNode header(int length) throws IOException {
        try {
            JsonNode tree = JSON.readTree(bytes.array(), Long.BYTES, length);
            if (!tree.isObject()) {
                throw damaged("header", "a JSON object", "other JSON");
            }
            return tree;
        } catch (JsonProcessingException e) {
            throw damaged("header", "JSON with each name once", e.getOriginalMessage());
        }
    }

    private UsageException damaged(String what, String expected, Object got) {
        return TensorFile.damaged(file, what, expected, got);
    }

    static TensorFile read(Path file) throws IOException {
        SafetensorsFile safetensors = new SafetensorsFile(file);
        TensorFile read = new TensorFile(file, new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        for (Map.Entry<String, JsonNode> field : safetensors.header.properties()) {
            if (field.getKey().equals(METADATA)) {
                for (Map.Entry<String, JsonNode> text : field.getValue().properties()) {
                    read.texts().put(text.getKey(), text.getValue().asText());
                }
            } else {
                safetensors.tensor(field.getKey(), field.getValue(), read);
            }
        }
        safetensors.requireContiguous();
        return read;
    }

    private void tensor(String name, JsonNode entry, TensorFile to) {
        String what = "tensor '" + name + "'";
        String type = entry.path("dtype").asText();
        Integer bits = BITS.get(type);
        if (bits == null) {
            throw damaged(what, "a dtype of safetensors", "'" + type + "'");
        }
        int[] shape = shape(what, entry.path("shape"));
        JsonNode offsets = entry.path("data_offsets");
        if (!offsets.isArray() || offsets.size() != 2 || !isCount(offsets.get(0)) || !isCount(offsets.get(1))) {
            throw damaged(what, "two data_offsets", offsets);
        }
        Span span = new Span(name, offsets.get(0).asLong(), offsets.get(1).asLong());
        int available = bytes.capacity() - begin;
        if (span.from() > span.to() || span.to() > available) {
            throw damaged(what, "data_offsets that rise and end at " + available + " at most", offsets);
        }
        long size = Tensor.size(shape);
        if (size < 0 || size * bits / 8 != span.to() - span.from()) {
            throw damaged(
                    what,
                    "as many bytes as shape " + entry.path("shape") + " of " + type + " has",
                    span.to() - span.from());
        }
        spans.add(span);
        if (type.equals("F32") || type.equals("F64")) {
            bytes.position(begin + (int) span.from());
            to.tensors().put(name, new Tensor(shape, Tensor.decode(bytes, (int) size, bits / 8)));
        } else {
            to.others().put(name, type);
        }
    }

    private static boolean isCount(JsonNode node) {
        return node.isIntegralNumber() && node.canConvertToLong() && node.asLong() >= 0;
    }

    private int[] shape(String what, JsonNode node) {
        if (!node.isArray()) {
            throw damaged(what, "a shape", node.isMissingNode() ? "none" : node);
        }
        int[] shape = new int[node.size()];
        for (int i = 0; i < shape.length; i++) {
            if (!isCount(node.get(i)) || !node.get(i).canConvertToInt()) {
                throw damaged(what, "a shape of whole numbers", node);
            }
            shape[i] = node.get(i).asInt();
        }
        return shape;
    }

    private void requireContiguous() {
        spans.sort(Comparator.comparingLong(Span::from).thenComparingLong(Span::to));
        long at = 0;
        for (Span span : spans) {
            if (span.from() != at) {
                throw damaged("tensor '" + span.name() + "'", "values that begin at " + at, span.from());
            }
            at = span.to();
        }
        if (at != bytes.capacity() - begin) {
            throw damaged("values", at + " bytes as in the header", bytes.capacity() - begin);
        }
    }

    static void write(Path file, Map<String, Tensor> tensors, Map<String, String> texts) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        ObjectNode metadata = header.putObject(METADATA);
        texts.forEach(metadata::put);
        long at = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            ObjectNode entry = header.putObject(tensor.getKey()).put("dtype", "F64");
            ArrayNode shape = entry.putArray("shape");
            for (int length : tensor.getValue().shape()) {
                shape.add(length);
            }
            long end = at + (long) Double.BYTES * tensor.getValue().values().length;
            entry.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] json = JSON.writeValueAsBytes(header);
        byte[] padding = " ".repeat(Math.floorMod(-json.length, ALIGNMENT)).getBytes(UTF_8);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            byte[] length = new byte[Long.BYTES];
            littleEndian(length).putLong(json.length + padding.length);
            out.write(length);
            out.write(json);
            out.write(padding);
            for (Tensor tensor : tensors.values()) {
                byte[] values = new byte[Double.BYTES * tensor.values().length];
                littleEndian(values).asDoubleBuffer().put(tensor.values());
                out.write(values);
            }
        }
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
