package io.gmil.stream.saved;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads a model from the files of its directory, wherever that is. */
public final class ModelReader {

    /** See {@link ModelFile}. */
    public static final String MODEL = "model.json";

    /** How {@code model.json} is written and read. */
    public static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    /** The files of a directory. */
    @FunctionalInterface
    public interface Files {
        /** The bytes of a file, empty where there is none. */
        Optional<byte[]> read(String name) throws IOException;
    }

    private final String directory;
    private final Files files;

    /** @param directory for messages */
    public ModelReader(String directory, Files files) {
        this.directory = directory;
        this.files = files;
    }

    /** {@code model.json} as it is written. */
    public static byte[] json(ModelFile file) throws IOException {
        return JSON.writeValueAsBytes(file);
    }

    /**
     * Reads the model.
     *
     * @throws ModelException if there is none or it is damaged
     */
    public SavedModel read() throws IOException {
        byte[] json = files.read(MODEL)
                .orElseThrow(() -> new ModelException(
                        "expected a directory written by 'gmil fit', got " + directory + " without " + MODEL));
        ModelFile file = readJson(json);
        List<List<byte[]>> posteriors = new ArrayList<>();
        for (ModelFile.Outcome outcome : file.outcomes()) {
            List<byte[]> classes = new ArrayList<>();
            for (ModelFile.State state : outcome.posteriors()) {
                classes.add(posterior(state));
            }
            posteriors.add(classes);
        }
        try {
            return SavedModel.of(file, posteriors);
        } catch (IllegalArgumentException e) {
            throw damaged(MODEL, "values that fit together", e.getMessage());
        }
    }

    private byte[] posterior(ModelFile.State state) throws IOException {
        byte[] posterior = files.read(state.file()).orElseThrow(() -> damaged(state.file(), "a file", "none"));
        String sha256 = Fingerprint.ofBytes(posterior);
        if (!sha256.equals(state.sha256())) {
            throw damaged(state.file(), "SHA-256 " + shortened(state.sha256()), shortened(sha256));
        }
        return posterior;
    }

    private ModelFile readJson(byte[] json) throws IOException {
        try {
            JsonNode tree = JSON.readTree(json);
            if (!ModelFile.FORMAT.equals(tree.path("format").asText())) {
                throw damaged(MODEL, "format " + ModelFile.FORMAT, "another or none");
            }
            int version = tree.path("formatVersion").asInt();
            if (version > ModelFile.VERSION) {
                throw new ModelException("model of a newer gmil: expected format version " + ModelFile.VERSION
                        + " at most, got " + version + " in " + place(MODEL));
            }
            if (version < 1) {
                throw damaged(
                        MODEL,
                        "format version 1 to " + ModelFile.VERSION,
                        tree.path("formatVersion").toString());
            }
            return JSON.treeToValue(upgraded(tree, version), ModelFile.class);
        } catch (JsonProcessingException e) {
            throw damaged(MODEL, "a model in JSON", "something else " + place(e));
        }
    }

    private static JsonNode upgraded(JsonNode tree, int version) {
        return switch (version) {
            case 1 -> ModelFileVersion2.upgraded(ModelFileVersion1.upgraded(tree));
            case 2 -> ModelFileVersion2.upgraded(tree);
            default -> tree;
        };
    }

    /**
     * {@code model.json} as text, of version 2 or this one.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static ModelFile parse(String json) {
        try {
            JsonNode tree = JSON.readTree(json);
            int version = tree.path("formatVersion").asInt();
            if (!ModelFile.FORMAT.equals(tree.path("format").asText()) || version < 2 || version > ModelFile.VERSION) {
                throw new IllegalArgumentException(
                        "format " + tree.path("format").asText() + " of version " + version);
            }
            return JSON.treeToValue(upgraded(tree, version), ModelFile.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("something else than a model in JSON", e);
        }
    }

    /** A value is found by its name, a slip of the syntax by its line. */
    private static String place(JsonProcessingException e) {
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            return "at "
                    + mapping.getPath().stream()
                            .map(step -> step.getFieldName() == null
                                    ? Integer.toString(step.getIndex())
                                    : step.getFieldName())
                            .collect(Collectors.joining("."));
        }
        return e.getLocation() == null ? "" : "in line " + e.getLocation().getLineNr();
    }

    private String place(String file) {
        return directory + (directory.endsWith("/") ? "" : "/") + file;
    }

    private static String shortened(String sha256) {
        return sha256.substring(0, Math.min(12, sha256.length())) + "...";
    }

    private ModelException damaged(String file, String expected, String got) {
        return new ModelException("damaged model: expected " + expected + ", got " + got + " in " + place(file));
    }
}
