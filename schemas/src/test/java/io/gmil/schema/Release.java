package io.gmil.schema;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.Test;

/**
 * Writes the current contracts into the history, as release N. No test, hence its name, which keeps it out of the build:
 *
 * <pre>mvn -pl schemas test -Dtest=Release -Dgmil.release=N</pre>
 *
 * A release that has been deployed must not be written again.
 */
class Release {

    @Test
    void write() throws IOException {
        int release = Integer.parseInt(System.getProperty("gmil.release"));
        Files.createDirectories(Contracts.HISTORY);
        Files.writeString(
                Contracts.file(release),
                SchemaFormatter.format("json/pretty", Schema.createUnion(Contracts.current())) + "\n");
    }
}
