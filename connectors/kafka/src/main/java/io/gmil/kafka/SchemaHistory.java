package io.gmil.kafka;

import io.gmil.schema.CellChunk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/** Every released version of the contracts, as the schemas module ships them: a release is one union of all records. */
final class SchemaHistory {

    private static final List<Schema> RELEASED = load();

    private SchemaHistory() {}

    /** The released versions of one record, oldest first. */
    static List<Schema> of(String fullName) {
        return RELEASED.stream()
                .filter(schema -> schema.getFullName().equals(fullName))
                .toList();
    }

    private static List<Schema> load() {
        List<Schema> released = new ArrayList<>();
        for (int release = 1; ; release++) {
            try (InputStream file = CellChunk.class.getResourceAsStream("history/" + release + ".avsc")) {
                if (file == null) {
                    return List.copyOf(released);
                }
                released.addAll(new Schema.Parser().parse(file).getTypes());
            } catch (IOException e) {
                throw new UncheckedIOException("schema release " + release + " cannot be read", e);
            }
        }
    }
}
