package io.gmil.kafka;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;

/** Creates the topics on the broker a job's properties file names; for a deployment that starts from nothing. */
public final class CreateTopics {

    private CreateTopics() {}

    /**
     * Reads the {@code kafka.} keys of a file and creates what is missing.
     *
     * @param args the file, then the partitions of {@link Topic#CELLS} unless the default will do
     */
    public static void main(String[] args) throws IOException {
        if (args.length < 1 || args.length > 2) {
            throw new IllegalArgumentException(
                    "expected FILE [PARTITIONS OF " + Topic.CELLS.topicName() + "], got " + args.length + " arguments");
        }
        int cellPartitions = args.length == 2 ? Integer.parseInt(args[1]) : Topic.CELLS.partitions();
        try (Admin admin = read(Path.of(args[0])).admin()) {
            Topics.create(admin, cellPartitions);
        }
    }

    private static KafkaConfig read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        Map<String, String> ours = properties.stringPropertyNames().stream()
                .filter(key -> key.startsWith(KafkaConfig.PREFIX))
                .collect(Collectors.toMap(key -> key, properties::getProperty));
        return KafkaConfig.from(ours);
    }
}
