package io.gmil.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.Schema.Parser;

/** The contracts of this module: the current ones and every release of them. */
final class Contracts {

    static final Path HISTORY = Path.of("src", "main", "history");

    private static final Path CURRENT = Path.of("src", "main", "avro");

    /** Files whose types others use, as in the pom. */
    private static final List<String> FIRST = List.of("Control.avsc", "Audit.avsc");

    private Contracts() {}

    /** The records as they are now, by name. */
    static List<Schema> current() throws IOException {
        Parser parser = new Parser();
        List<Schema> records = new ArrayList<>();
        for (String name : fileNames()) {
            records.add(parser.parse(CURRENT.resolve(name).toFile()));
        }
        return records;
    }

    private static List<String> fileNames() throws IOException {
        try (Stream<Path> files = Files.list(CURRENT)) {
            List<String> others = files.map(file -> file.getFileName().toString())
                    .filter(name -> !FIRST.contains(name))
                    .sorted()
                    .toList();
            return Stream.concat(FIRST.stream(), others.stream()).toList();
        }
    }

    /** The number of the newest release. */
    static int newestRelease() {
        int release = 0;
        while (Files.exists(file(release + 1))) {
            release++;
        }
        return release;
    }

    /** The records of one release, numbered from 1. */
    static List<Schema> released(int release) {
        try {
            return new Parser().parse(file(release).toFile()).getTypes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path file(int release) {
        return HISTORY.resolve(release + ".avsc");
    }
}
