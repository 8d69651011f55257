package io.gmil.cli.offline;

import static io.gmil.stream.saved.ModelReader.MODEL;
import static io.gmil.stream.saved.ModelReader.POSTERIOR;

import io.gmil.cli.UsageException;
import io.gmil.stream.saved.ModelReader;
import io.gmil.stream.saved.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.stream.Stream;

/** A model on disk: {@code model.json} and {@code posterior.bin}. */
public final class ModelDirectory {

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
            Files.write(json, ModelReader.json(model.file()));
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
        return new ModelReader(directory.toString(), this::bytes).read();
    }

    private Optional<byte[]> bytes(String name) throws IOException {
        Path file = directory.resolve(name);
        return Files.isRegularFile(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }
}
