package io.gmil.schema;

import java.io.IOException;
import java.nio.file.Files;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Writes the current contracts into the history, as release N:
 *
 * <pre>mvn -pl schemas test -Dtest=ReleaseTest -Dgmil.release=N</pre>
 *
 * A release that has been deployed must not be written again.
 */
class ReleaseTest {

    @Test
    @EnabledIfSystemProperty(named = "gmil.release", matches = "[1-9]\\d*")
    void writesTheCurrentContractsAsARelease() throws IOException {
        Files.createDirectories(Contracts.HISTORY);
        Files.writeString(
                Contracts.file(Integer.getInteger("gmil.release")),
                SchemaFormatter.format("json/pretty", Schema.createUnion(Contracts.current())) + "\n");
    }
}
