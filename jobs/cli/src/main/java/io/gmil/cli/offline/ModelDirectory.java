package io.gmil.cli.offline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gmil.cli.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A model on disk: {@code model.json} and {@code posterior.bin}. */
public final class ModelDirectory {

    private static final String MODEL = "model.json";
    private static final String POSTERIOR = "posterior.bin";
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private final Path directory;

    public ModelDirectory(Path directory) {
        this.directory = directory;
    }

    /** Refuses, before any work, what {@link #write} could not write to or should not replace. */
    public void requireWritable(boolean overwrite) throws IOException {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new UsageException("--model: expected a directory, got the file " + directory);
        }
        if (Files.isDirectory(directory) && !overwrite && !isEmpty()) {
            throw new UsageException("--model: " + directory + " is not empty; --overwrite replaces the model in it");
        }
        Path existing = directory.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new UsageException("--model: cannot create " + directory + " in " + existing);
        }
    }

    private boolean isEmpty() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    /**
     * Writes the model; other files of the directory stay. {@code model.json} comes last and knows the checksum of the
     * other, so that whatever interrupts this, old and new are never taken for one model.
     */
    public void write(SavedModel model) throws IOException {
        boolean created = !Files.exists(directory);
        Files.createDirectories(directory);
        Path posterior = directory.resolve(POSTERIOR + ".part");
        Path json = directory.resolve(MODEL + ".part");
        boolean done = false;
        try {
            Files.write(posterior, model.posterior().toBytes());
            Files.write(json, JSON.writeValueAsBytes(model.file()));
            Files.move(posterior, directory.resolve(POSTERIOR), StandardCopyOption.REPLACE_EXISTING);
            Files.move(json, directory.resolve(MODEL), StandardCopyOption.REPLACE_EXISTING);
            done = true;
        } finally {
            Files.deleteIfExists(posterior);
            Files.deleteIfExists(json);
            if (!done && created) {
                Files.deleteIfExists(directory.resolve(POSTERIOR));
                Files.deleteIfExists(directory);
            }
        }
    }

    /** Reads the model; whatever is wrong is said in one line. */
    public SavedModel read() throws IOException {
        if (!Files.isRegularFile(directory.resolve(MODEL))) {
            throw new UsageException("--model: expected a directory written by 'gmil fit', got " + directory
                    + (Files.isDirectory(directory) ? " without " + MODEL : ", which does not exist"));
        }
        ModelFile file = readJson();
        byte[] posterior = readPosterior();
        String sha256 = Fingerprint.ofBytes(posterior);
        if (!sha256.equals(file.posterior().sha256())) {
            throw damaged(POSTERIOR, "SHA-256 " + shortened(file.posterior().sha256()), shortened(sha256));
        }
        try {
            return SavedModel.of(file, posterior);
        } catch (IllegalArgumentException e) {
            throw damaged(MODEL, "values that fit together", e.getMessage());
        }
    }

    private ModelFile readJson() throws IOException {
        try {
            JsonNode tree = JSON.readTree(directory.resolve(MODEL).toFile());
            if (!ModelFile.FORMAT.equals(tree.path("format").asText())) {
                throw damaged(MODEL, "format " + ModelFile.FORMAT, "another or none");
            }
            int version = tree.path("formatVersion").asInt();
            if (version > ModelFile.VERSION) {
                throw new UsageException("model of a newer gmil: expected format version " + ModelFile.VERSION
                        + " at most, got " + version + " in " + directory.resolve(MODEL));
            }
            if (version < 1) {
                throw damaged(
                        MODEL, "format version 1", tree.path("formatVersion").toString());
            }
            return JSON.treeToValue(tree, ModelFile.class);
        } catch (JsonProcessingException e) {
            throw damaged(MODEL, "a model in JSON", "something else " + place(e));
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

    private byte[] readPosterior() throws IOException {
        Path file = directory.resolve(POSTERIOR);
        if (!Files.isRegularFile(file)) {
            throw damaged(POSTERIOR, "a file", "none");
        }
        return Files.readAllBytes(file);
    }

    private static String shortened(String sha256) {
        return sha256.substring(0, Math.min(12, sha256.length())) + "...";
    }

    private UsageException damaged(String file, String expected, String got) {
        return new UsageException(
                "damaged model: expected " + expected + ", got " + got + " in " + directory.resolve(file));
    }
}
