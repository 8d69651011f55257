package io.gmil.cli.chaos;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** All bytes of a canonical savepoint, of every operator, as one text. */
final class SavepointText {

    private final List<String> files = new ArrayList<>();

    /** @param savepoint its URI */
    static SavepointText of(String savepoint) throws IOException {
        SavepointText text = new SavepointText();
        try (Stream<Path> files = Files.walk(Path.of(URI.create(savepoint)))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // One character a byte: names of patients are ASCII.
                text.files.add(Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return text;
    }

    boolean contains(String words) {
        return files.stream().anyMatch(file -> file.contains(words));
    }
}
