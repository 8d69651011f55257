package io.gmil.cli.cluster;

import io.gmil.cli.UsageException;
import io.gmil.kafka.KafkaConfig;
import io.gmil.stream.JobConfig;
import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.TreeMap;

/**
 * The settings of a job as a cluster gets them: those of a properties file, what the command line says instead, and the
 * cluster's broker and checkpoints where neither names any.
 */
public final class JobFile {

    private final Path file;
    private final Map<String, String> settings;

    private JobFile(Path file, Map<String, String> settings) {
        this.file = file;
        this.settings = settings;
    }

    /** @throws UsageException if the file cannot be read */
    public static JobFile read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IOException e) {
            throw new UsageException("--config: " + file + " cannot be read");
        }
        Map<String, String> settings = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return new JobFile(file, settings);
    }

    public JobFile with(OptionalInt parallelism, Optional<Path> initialModel) {
        Map<String, String> changed = new TreeMap<>(settings);
        parallelism.ifPresent(number -> changed.put("parallelism", Integer.toString(number)));
        initialModel.ifPresent(directory ->
                changed.put("initial-model", directory.toAbsolutePath().toUri().toString()));
        return new JobFile(file, changed);
    }

    public JobFile on(ProcessCluster cluster) {
        Map<String, String> changed = new TreeMap<>(settings);
        changed.putIfAbsent(KafkaConfig.BOOTSTRAP_SERVERS, cluster.bootstrapServers());
        changed.putIfAbsent(
                "checkpoint.directory", cluster.checkpoints().toUri().toString());
        return new JobFile(file, changed);
    }

    /** @throws UsageException naming the file and every problem in it */
    public JobConfig config() {
        try {
            return JobConfig.of(settings);
        } catch (IllegalArgumentException e) {
            throw new UsageException(file + ": " + e.getMessage());
        }
    }

    void write(Path to) throws IOException {
        Properties properties = new Properties();
        properties.putAll(settings);
        try (Writer writer = Files.newBufferedWriter(to)) {
            properties.store(writer, null);
        }
    }
}
