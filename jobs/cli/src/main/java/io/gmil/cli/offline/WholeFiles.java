package io.gmil.cli.offline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Files that appear when all of them are complete, and none of them before. */
final class WholeFiles implements AutoCloseable {

    private final Map<Path, Path> parts = new LinkedHashMap<>();

    /** Where to write a file that is to appear. */
    Path part(Path file) {
        return parts.computeIfAbsent(file, key -> beside(key, ".part"));
    }

    /** A file that an interrupted process does not leave behind either. */
    static Path beside(Path file, String suffix) {
        Path beside = file.resolveSibling(file.getFileName() + suffix);
        beside.toFile().deleteOnExit();
        return beside;
    }

    /** Lets all of them appear. */
    void publish() throws IOException {
        for (Map.Entry<Path, Path> part : parts.entrySet()) {
            Files.move(part.getValue(), part.getKey(), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Removes what has not appeared. */
    @Override
    public void close() throws IOException {
        for (Path part : parts.values()) {
            Files.deleteIfExists(part);
        }
    }
}
